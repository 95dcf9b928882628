/**
 * Obedience to one sentinel group, pure: who has claimed this node, the highest epoch it has
 * promised, and what it does on each order. The engine never imports sentinel code; the words on
 * the wire are those of {@code WATCHWORD CLAIM, BEAT, FENCE, PROMOTE, FOLLOW, RELEASE}.
 */
package io.watchword.authority;
