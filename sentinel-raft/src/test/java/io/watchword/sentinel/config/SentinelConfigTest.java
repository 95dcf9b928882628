package io.watchword.sentinel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watchword.config.BadValue;
import io.watchword.config.CommandLineOptions;
import io.watchword.config.ConfigError;
import io.watchword.config.ConfigSources;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentinelConfigTest {
  private static final String MONITOR = "sentinel monitor mymaster 127.0.0.1 6379 2\n";
  private static final String PEERS = "sentinel raft-peers a:31379,b:31379,127.0.0.1:31379\n";

  @Test
  void shouldReadTheTutorialsFileInAnyCase() throws Exception {
    SentinelConfig config =
        load(
            "port 26380\nbind 127.0.0.1\nSentinel Monitor mymaster 127.0.0.1 6379 1\n"
                + "SENTINEL down-after-milliseconds mymaster 30000\n"
                + "sentinel parallel-syncs mymaster 1\nsentinel failover-timeout mymaster 180000\n"
                + "sentinel auth-pass mymaster \"two words\"\n");
    MasterLines master = config.lines().masters().get(0);
    assertThat(master.name).isEqualTo("mymaster");
    assertThat(master.quorum).isEqualTo(1);
    assertThat(master.downAfterMs()).isEqualTo(30_000);
    assertThat(master.authPass()).isEqualTo("two words");
    assertThat(config.port()).isEqualTo(26380);
    assertThat(config.raftPort()).isEqualTo(31380);
    assertThat(config.raftMembers()).containsExactly("127.0.0.1:31380");
  }

  @Test
  void shouldListenWhereRedisSentinelDoesWhenTheFileIsEmpty() throws Exception {
    SentinelConfig config = load("");
    assertThat(config.port()).isEqualTo(26379);
    assertThat(config.bind()).isEqualTo("0.0.0.0");
    assertThat(config.protectedMode()).isFalse();
    assertThat(config.lines().electionTimeoutMs()).isEqualTo(1000);
  }

  @Test
  void shouldFindItselfAmongItsPeers() throws Exception {
    assertThat(load(MONITOR + PEERS + "bind 127.0.0.1\n").raftSelf()).isEqualTo("127.0.0.1:31379");
    assertThat(load(MONITOR + PEERS + "sentinel announce-ip b\n").raftSelf()).isEqualTo("b:31379");
    assertThatThrownBy(() -> load(MONITOR + PEERS)).hasMessageContaining("must name this sentinel");
  }

  @Test
  void shouldRefuseAQuorumThatOneSentinelAloneCannotReach() {
    assertThatThrownBy(() -> load(MONITOR))
        .isInstanceOf(BadValue.class)
        .hasMessageContaining("needs 'sentinel raft-peers");
  }

  @Test
  void shouldRefuseAQuorumAboveTheNumberOfSentinels() throws Exception {
    String rest = PEERS + "bind 127.0.0.1\n";
    load("sentinel monitor mymaster 127.0.0.1 6379 3\n" + rest);
    assertThatThrownBy(() -> load("sentinel monitor mymaster 127.0.0.1 6379 4\n" + rest))
        .isInstanceOf(BadValue.class)
        .hasMessageContaining("a quorum of 4 for master mymaster can never be reached");
  }

  @Test
  void shouldRefuseASecondAddressOnWhichItWouldNotListen() {
    assertThatThrownBy(() -> load("bind 127.0.0.1 ::1\n"))
        .isInstanceOf(BadValue.class)
        .hasMessageContaining("a sentinel listens on one address: 'bind' names more");
  }

  @Test
  void shouldRefuseInRedisWords() {
    refused("sentinel monitor m 127.0.0.1 6379 0", "Quorum must be 1 or greater.");
    refused("sentinel monitor m 127.0.0.1 99999 1", "Invalid port number.");
    refused("sentinel monitor m h 1 1\nsentinel monitor m h 1 1", "Duplicate master name.");
    refused(
        "sentinel monitor m h 1 1\nsentinel monitor n H 1 1",
        "Another master is monitored at this address already.");
    refused("sentinel parallel-syncs nobody 1", "No such master with specified name.");
    refused("sentinel frobnicate 1", "Unrecognized sentinel configuration statement.");
    refused("sentinel", "Unrecognized sentinel configuration statement.");
    refused(
        "sentinel monitor m h 1 1\nsentinel down-after-milliseconds m 0",
        "negative or zero time parameter.");
    refused("frobnicate 1", "Bad directive or wrong number of arguments");
  }

  @Test
  void shouldRefuseWhatIsNotBuiltAndTakeItsOffValue() throws Exception {
    refused("sentinel announce-hostnames yes", "not built yet");
    refused("sentinel deny-scripts-reconfig no", "not built yet");
    refused("sentinel sentinel-pass x", "not built yet");
    assertThatThrownBy(() -> load("requirepass x")).hasMessageContaining("not built in sentinels");
    load("sentinel announce-hostnames no\nsentinel deny-scripts-reconfig yes\nmaxclients 10000\n");
  }

  @Test
  void shouldSayThatRedisSentinelsOwnMemoryIsNotRead() throws Exception {
    SentinelConfig config = load("sentinel myid abc\nsentinel known-replica m 127.0.0.1 6380\n");
    assertThat(config.lines().remarks()).hasSize(2).allMatch(r -> r.contains("is not read"));
  }

  private static void refused(String text, String why) {
    assertThatThrownBy(() -> load(text)).isInstanceOf(ConfigError.class).hasMessageContaining(why);
  }

  private static SentinelConfig load(String text) throws ConfigError, BadValue {
    return SentinelConfig.load(
        CommandLineOptions.of(List.of("sentinel.conf")),
        new ConfigSources() {
          @Override
          public String read(String path) {
            return text;
          }

          @Override
          public List<String> matching(String pathPattern) {
            return List.of();
          }

          @Override
          public String standardInput() {
            return "";
          }
        });
  }
}
