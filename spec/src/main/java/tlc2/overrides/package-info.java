/** The operators written in Java that TLC loads by the name of this package. */
package tlc2.overrides;
