/** Bearer tokens and their permissions on topics. Wraps route handlers; knows no route. */
package dev.igarape.api.auth;
