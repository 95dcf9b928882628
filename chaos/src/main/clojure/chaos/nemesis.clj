(ns chaos.nemesis
  "Every fault this harness can inject, by name. A fault is a function from options
  {:seed :time-s :clients} to a package:

    :nemesis          {f (fn [context op] value)}: does the fault, returns what it did
    :generator        when, as a `chaos.generator`
    :final-generator  operations that undo whatever may still be broken
    :leads?           whether the load lasts as long as :generator (else :time-s seconds)
    :perf             {:name :starts #{f} :ends #{f}}: what the plots shade

  context = {:cluster :report :state}: report takes observer events, state is an atom of
  the run's own. A new fault is one namespace under chaos.nemesis.* and one line in `faults`."
  (:require [chaos.nemesis.failovers :as failovers]
            [chaos.nemesis.kill :as kill]
            [chaos.nemesis.partition :as partition]
            [chaos.registry :as registry]))

(def faults
  "Fault name -> function of options giving a package."
  {:failovers failovers/package
   :kill      kill/package
   :partition partition/package})

(def groups
  "Names for faults that people ask for together. Each fault is a cell of its own."
  {:all [:partition :kill]})

(defn parse [text] (registry/parse "nemesis" faults groups text))
