/** Values that are objects of their own: too large for a page, or of a structured type. */
package io.watchword.value;
