(ns chaos.net.network
  "What a network under test must be able to do. Endpoints, links and rules are those of
  chaos.net.rules; kinds are the ports of a node: :server, :sentinel, :raft.")

(defprotocol Network
  (change [net f]
    "Replaces the rules by (f rules). In place on return, for open connections as well.")
  (reset-links [net links]
    "Aborts every connection over the links; returns how many there were.")
  (tap [net j froms report]
    "Reports the first bytes and the first order of the sentinels on froms to the server of j,
    where the network can see them.")
  (failure [net] "What ended it although nobody had asked for its end, or nil.")
  (stop [net] "Leaves nothing behind; safe to repeat.")
  (ports [net] "Kind -> port, the same on every node.")
  (listen [net kind j] "The address that a process of node j binds. The harness calls it here.")
  (public [net kind j] "The address at which everybody else reaches it.")
  (source [net endpoint] "The address that an endpoint calls from.")
  (command [net kind j argv] "argv, so that the process runs where it belongs."))
