(ns chaos.checker.linear.simulation
  "Histories made by chance, from a seed. `atomic` plays clients of an object that really takes
  each operation at one instant between call and return: linearizable by construction, at any
  size. `small` is a few operations with answers drawn from a hat: often not linearizable, and
  small enough for the definition itself (chaos.checker.linear.brute)."
  (:import (java.util SplittableRandom)))

(defn source ^SplittableRandom [seed] (SplittableRandom. (long seed)))

(defn- below [^SplittableRandom random n] (.nextInt random (int n)))

(defn- one-of [random items] (nth items (below random (count items))))

(defn register-op
  "Reads, writes and compare-and-sets of n values."
  [n]
  (fn [random _]
    (case (int (below random 4))
      (0 1) {:f :read :value nil}
      2     {:f :write :value (below random n)}
      3     {:f :cas :value [(below random n) (below random n)]})))

(defn kv-op
  "Gets and appends of distinct strings, now and then a put."
  [random number]
  (let [text (str "x " number " y")]
    (case (int (below random 20))
      (0 1 2 3 4 5 6 7 8) {:f :get :value nil}
      9                   {:f :put :value text}
      {:f :append :value text})))

(defn- perform
  "[state type value] after op on an object that holds `state`."
  [state {:keys [f value]}]
  (case f
    (:read :get) [state :ok state]
    (:write :put) [value :ok value]
    :append      [(str state value) :ok value]
    :cas         (if (= state (first value))
                   [(second value) :ok value]
                   [state :fail value])))

(defn- advance
  "One step of a process: it calls, or its operation takes effect, or it returns."
  [random {:keys [states ops choose keys number] :as world} process]
  (let [{:keys [phase op key result]} (get ops process)]
    (case phase
      :called
      (let [[state type value] (perform (get states key) op)]
        (-> world
            (assoc-in [:states key] state)
            (update-in [:ops process] assoc :phase :done
                       :result (cond-> (assoc op :type type :value value)
                                 (= :fail type) (assoc :error :mismatch)))))
      :done
      (-> world
          (update :ops dissoc process)
          (update :history conj (assoc result :process process :key key)))
      (let [op  (choose random number)
            key (below random keys)]
        (-> world
            (update :number inc)
            (assoc-in [:ops process] {:phase :called :op op :key key})
            (update :history conj (assoc op :type :invoke :process process :key key)))))))

(defn atomic
  "A linearizable history of `size` operations by `processes` clients on `keys` objects.
  choose: (fn [random number] op); initial: the value each object begins with."
  [{:keys [seed processes size keys choose initial] :or {keys 1}}]
  (let [random (source seed)]
    (loop [world {:states  (into {} (map #(vector % initial)) (range keys))
                  :ops     {} :number 0 :history [] :choose choose :keys keys}]
      (let [process (below random processes)
            ended?  (<= size (:number world))]
        (cond
          (and ended? (empty? (:ops world))) (:history world)
          (and ended? (nil? (get-in world [:ops process]))) (recur world)
          :else (recur (advance random world process)))))))

(def ^:private marked
  [["-a" "-b" "-c"] ["" "-a" "-b" "-a-b" "-b-a" "-c" "-a-c" "-c-b" "-a-b-c"]])

(def ^:private draws
  "Model -> (fn [random] [invocation value-of-an-ok-completion])."
  {:cas-register (fn [random]
                   (case (int (below random 5))
                     (0 1) [{:f :read :value nil} (one-of random [nil 0 0 1 1 2])]
                     (2 3) (let [v (below random 3)] [{:f :write :value v} v])
                     4     (let [v [(one-of random [nil 0 1]) (below random 3)]]
                             [{:f :cas :value v} v])))
   :kv           (fn [random] ; texts that can be told apart in a string, and such that cannot
                   (let [[texts reads] (one-of random [[["a" "b"] ["" "a" "b" "ab" "aa"]]
                                                       marked marked marked])
                         v             (one-of random texts)]
                     (case (int (below random 5))
                       (0 1) [{:f :get :value nil} (one-of random reads)]
                       2     [{:f :put :value v} v]
                       (3 4) [{:f :append :value v} v])))
   :mutex        (fn [random] [{:f (one-of random [:acquire :acquire :release]) :value nil} nil])})

(defn- completion [random [{:keys [f] :as op} value]]
  (let [chance (below random 20)]
    (cond
      (< chance 3)                    (assoc op :type :info)
      (= chance 3)                    (assoc op :type :fail)
      (and (< chance 9) (= :cas f))   (assoc op :type :fail :error :mismatch)
      :else                           (assoc op :type :ok :value value))))

(defn small
  "A history of 2 to 6 operations of the named model; the seed says which. What a process did
  not finish stays open, and a process whose operation ended :info is not used again."
  [model seed]
  (let [random (source seed)
        size   (+ 2 (below random 5))
        draw   (draws model)]
    (loop [left size, free (vec (range (inc (below random 4)))), open {}, history []]
      (if (or (and (zero? left) (or (empty? open) (zero? (below random 8))))
              (and (empty? free) (empty? open)))
        (vec (map-indexed #(assoc %2 :index %1) history))
        (if (and (pos? left) (seq free) (or (empty? open) (zero? (below random 2))))
          (let [process (one-of random free), [op _ :as drawn] (draw random)]
            (recur (dec left) (filterv #(not= process %) free) (assoc open process drawn)
                   (conj history (assoc op :type :invoke :process process))))
          (if (seq open)
            (let [process (one-of random (vec (keys open)))
                  done    (completion random (open process))]
              (recur left (cond-> free (not= :info (:type done)) (conj process))
                     (dissoc open process)
                     (conj history (assoc done :process process))))
            (recur 0 [] {} history)))))))
