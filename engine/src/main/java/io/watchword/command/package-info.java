/**
 * The framework of commands: rows, the carrier that bodies work on, the gate before them and the
 * dispatcher around them. The commands themselves stand in the packages below, one file a verb.
 */
package io.watchword.command;
