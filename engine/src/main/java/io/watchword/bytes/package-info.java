/**
 * Byte strings and the arithmetic on them: numbers as Redis reads them, globs, checksums, hashes.
 */
package io.watchword.bytes;
