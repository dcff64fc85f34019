/** Finds the files of a landing's path: folders of dates, and of the partitions of captures. */
package dev.igarape.jobs.landing.files.folders;
