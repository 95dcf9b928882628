/** Where the data lives: {@code byte[]} pages with exact accounting. Knows no keys. */
package io.watchword.memory;
