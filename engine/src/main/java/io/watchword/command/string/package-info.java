/** Commands on strings. */
package io.watchword.command.string;
