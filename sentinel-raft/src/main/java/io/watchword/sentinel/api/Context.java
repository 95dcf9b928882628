package io.watchword.sentinel.api;

import io.watchword.sentinel.core.Event;
import io.watchword.sentinel.core.SentinelMachine;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What the commands need of the sentinel around them.
 *
 * @param machine asked on its own thread only
 * @param events hands the machine an event, whose effects are performed
 * @param hasLeader whether this sentinel knows a leader of its group
 * @param raftMembers all members, also those that are gone
 * @param port the port it listens on
 * @param pid of this process
 * @param wallMs the wall clock, for ages of clients and uptime
 * @param shutdown ends the process
 */
public record Context(
    SentinelMachine machine,
    Consumer<Event> events,
    BooleanSupplier hasLeader,
    List<String> raftMembers,
    int port,
    long pid,
    LongSupplier wallMs,
    Runnable shutdown) {}
