/** Commands about the server as a whole. */
package io.watchword.command.server;
