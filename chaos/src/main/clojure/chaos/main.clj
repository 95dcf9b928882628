(ns chaos.main
  "Where the launcher enters. A namespace that does not compile (a workload half written) must not
  end as Java ends, with status 1, which means violated: nothing was run, so nothing is known."
  (:require [clojure.main :as main]))

(defn load-status
  "Loads by (load!): nil, or the exit status after the compiler's words were printed."
  [load!]
  (try
    (load!)
    nil
    (catch Throwable t
      (binding [*out* *err*]
        (println (str "chaos: the harness does not load\n" (main/err->msg t))))
      4)))

(defn -main [& args]
  (if-let [status (load-status #(require 'chaos.cli))]
    (System/exit status)
    (apply (resolve 'chaos.cli/-main) args)))
