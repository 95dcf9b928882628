/** Commands on keys of any type, and on whole databases. */
package io.watchword.command.generic;
