/** Commands on the live configuration. */
package io.watchword.command.config;
