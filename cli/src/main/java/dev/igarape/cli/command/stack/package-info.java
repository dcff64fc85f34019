/** Commands about the local stack: demo, up, down, status, logs, credentials, doctor, airflow. */
package dev.igarape.cli.command.stack;
