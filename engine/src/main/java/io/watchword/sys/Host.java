package io.watchword.sys;

/** The process and the machine under it, as INFO describes them. Callable from any thread. */
public interface Host {
  long processId();

  /** Name and release of the operating system and the machine's architecture. */
  String system();

  /** Path of the program. */
  String executable();

  /** Processor time that the process spent outside of the kernel, in seconds. */
  double userSeconds();

  /** Processor time that the kernel spent for the process, in seconds. */
  double systemSeconds();

  /** Bytes of the process that are in memory. */
  long residentBytes();

  /** Bytes of memory that the machine has. */
  long totalBytes();

  /** Bytes of the Java heap that are in use, garbage included. */
  long heapBytes();

  /** The Java runtime, such as {@code OpenJDK 17.0.15}. */
  String runtime();
}
