/**
 * Is what running nodes wrote down a behaviour of the spec? Reads their traces, puts them into one
 * causal order, counts as the model counts, and lets TLC search.
 */
package io.watchword.spec.trace;
