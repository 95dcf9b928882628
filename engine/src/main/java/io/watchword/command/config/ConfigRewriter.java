package io.watchword.command.config;

import java.util.Optional;

/** Writes the live configuration back into its file; what CONFIG REWRITE asks of the server. */
public interface ConfigRewriter {
  /** The text of the error without its code, or nothing when the file is written. */
  Optional<String> rewrite();
}
