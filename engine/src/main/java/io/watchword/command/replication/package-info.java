/** Commands by which nodes attach to one another. */
package io.watchword.command.replication;
