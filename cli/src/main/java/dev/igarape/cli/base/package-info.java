/**
 * What every package may use: folders of the checkout, progress messages, tables of text. Depends on no other package
 * of this module.
 */
package dev.igarape.cli.base;
