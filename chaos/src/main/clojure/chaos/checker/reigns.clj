(ns chaos.checker.reigns
  "Who was master when, by the switches that sentinels announced, and which lost writes that
  explains. Every sentinel announces every switch, some late, so a switch counts once, from
  its first announcement. It is

    planned   SENTINEL FAILOVER of that master was answered OK, and no sentinel said +odown of
              it between the ask and the switch; after +odown it is a failover like any other
    provoked  a fault that can touch the master had begun before it

  and excuses a loss if it was provoked and, for a system that claims to lose nothing by it,
  not planned. A lost write, acknowledged by node X, is

    before   older than the fault by more than `in-step-ns`: a replica in step had it. Not
             judged so where a fault took the memory of every server
    planned  X was replaced by planned switches only
    stayed   X was master, and nothing that excuses replaced it

  and excused otherwise: X was replaced after it, or had been before it, or a fault that takes
  the memory of servers (its package says :forgets?) was about to strike, or under way.

  It cannot see a switch that no observer heard, nor a master before its first announcement:
  what the next master acknowledges before it is named counts as its own, unless it had been
  replaced before."
  (:require [chaos.history :as history]
            [chaos.numbering :as numbering]
            [clojure.string :as str]))

(def ^:private in-step-ns 2000000000)

;; ---- what happened ----

(defn- announced [history]
  (filterv #(= :+switch-master (:f %)) (history/events history :sentinel)))

(defn- numbered
  "The announcements with :nth, how often this sentinel has announced the same before."
  [events]
  (second
   (reduce (fn [[seen done] {:keys [value] :as event}]
             (let [said [(:node value) (numbering/switched value)]]
               [(update seen said (fnil inc 0))
                (conj done (assoc event :nth (seen said 0)))]))
           [{} []] events)))

(defn- first-announcements [history]
  (->> (numbered (announced history))
       (reduce (fn [[seen found] {:keys [value time] n :nth}]
                 (let [{:keys [old new] :as switch} (numbering/switched value)]
                   (if (seen [switch n])
                     [seen found]
                     [(conj seen [switch n])
                      (conj found {:time time :old old :new new :text (:text value)})])))
               [#{} []])
       second))

(defn strikes
  "Times at which the fault of the cell began, each time that it did."
  [{:keys [perf]} history]
  (map :time (filter #(contains? (set (:starts perf)) (:f %)) (history/events history :nemesis))))

(defn- asks
  "[{:master :time}] of the planned failovers that a sentinel agreed to."
  [history]
  (for [{:keys [value invoked]} (history/faults history)
        :let [{:keys [planned reply]} (or (:handed-over value) value)]
        :when (and planned (= "OK" reply))]
    {:master planned :time invoked}))

(defn- said-down?
  "Whether any sentinel said +odown of the old master of the switch in [from, its time]."
  [history from {:keys [time text]}]
  (let [master (str "master " (str/join " " (take 3 (str/split text #" "))))]
    (some #(and (= :+odown (:f %)) (<= from (:time %) time)
                (str/starts-with? (get-in % [:value :text]) master))
          (history/events history :sentinel))))

(defn- planned? [history asks switches {:keys [old time] :as switch}]
  (let [ask (last (filter #(and (= old (:master %)) (<= (:time %) time)) asks))]
    (boolean (and ask
                  (not-any? #(and (= old (:old %)) (<= (:time ask) (:time %)) (< (:time %) time))
                            switches)
                  (not (said-down? history (:time ask) switch))))))

(defn switches
  "[{:time :old :new :text :planned? :provoked? :excuses?} ...] in order."
  [{:keys [claims spares-master?] :as cell} history]
  (let [found  (first-announcements history)
        asks   (asks history)
        struck (when-not spares-master? (first (strikes cell history)))]
    (mapv (fn [{:keys [time] :as switch}]
            (let [planned?  (planned? history asks found switch)
                  provoked? (boolean (and struck (<= struck time)))]
              (assoc switch :planned? planned? :provoked? provoked?
                     :excuses? (and provoked?
                                    (not (and planned?
                                              (contains? claims
                                                         :planned-failover-loses-nothing)))))))
          found)))

(defn replaced-before
  "The switch by which the node is no master at this time, or nil."
  [switches node time]
  (let [latest (last (filter #(and (<= (:time %) time) (#{(:old %) (:new %)} node)) switches))]
    (when (= node (:old latest)) latest)))

;; ---- lost writes ----

(defn- fate
  "What became of a write that this node held as master at this time: :excused, :planned or
  :stayed. What a planned switch handed over is the next master's."
  [switches node time told]
  (let [{:keys [excuses? planned? new] :as switch}
        (first (filter #(and (= node (:old %)) (< time (:time %))) switches))]
    (cond (nil? switch) told
          excuses?      :excused
          :else         (recur switches new (:time switch) (if planned? :planned told)))))

(defn- cause [switches {:keys [node time]}]
  (let [{:keys [excuses? planned? new] :as before} (replaced-before switches node time)]
    (cond (nil? node)   :excused
          excuses?      :excused
          before        (fate switches new (:time before) (if planned? :planned :stayed))
          :else         (fate switches node time :stayed))))

(defn- memory-takers
  "[from until] of each fault that takes the memory of servers: what was acknowledged in between
  may have been nowhere else. While one server is left, a replica in step has what is older."
  [history]
  (for [{:keys [value invoked time]} (history/faults history)
        :when (and (map? value) (some value [:killed-all :bounced :killed]))]
    [(if (:killed-all value) 0 (- invoked (long in-step-ns))) time]))

(defn- too-old [{:keys [spares-master?] :as cell} history]
  (let [struck (when-not spares-master? (first (strikes cell history)))]
    (if (and struck (not-any? #(:killed-all (:value %)) (history/faults history)))
      #(< (:time %) (- struck (long in-step-ns)))
      (constantly false))))

(defn- judged [{:keys [forgets?] :as cell} history switches promised?]
  (let [too-old?  (too-old cell history)
        forgotten (if (and forgets? (not promised?)) (memory-takers history) [])]
    (fn [{:keys [time] :as op}]
      (cond (too-old? op)                                            :before
            (some (fn [[from until]] (<= from time until)) forgotten) :excused
            :else                                                    (cause switches op)))))

(defn lost-writes
  "{:lost n, :unexcused n, :before n, :planned n, :stayed n, :shown [op ...]} of the lost
  elements, by their acknowledging operations. promised?: no loss of memory excuses them."
  [cell history switches lost promised?]
  (let [acks   (filter #(and (= :ok (:type %)) (contains? lost (:value %)))
                       (history/completions history :add))
        groups (group-by (judged cell history switches promised?) acks)
        wrong  (sort-by :index (mapcat groups [:before :planned :stayed]))]
    (merge {:lost (count acks) :unexcused (count wrong)
            :shown (mapv #(dissoc % :invoked) (take 10 wrong))}
           (into {} (for [k [:before :planned :stayed]] [k (count (groups k))])))))
