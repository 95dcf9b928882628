package io.watchword.authority;

import io.watchword.bytes.Crc64;
import io.watchword.sys.Disk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code watchword.state}: the promises of a claimed node, written before they are answered.
 *
 * <pre>
 *   8 bytes  magic "WWSTATE\n"
 *   4 bytes  version, 1; numbers are big-endian
 *   group, sentinels      each 2 bytes of length, then modified UTF-8 (java.io.DataOutput)
 *   8 bytes  promised epoch
 *   master host           as above, empty for a master
 *   4 bytes  master port
 *   1 byte   1 when fenced
 *   8 bytes  epoch of the last promotion
 *   4 bytes  number of members, then each as above
 *   8 bytes  CRC64 (Jones) of everything before
 * </pre>
 *
 * <p>It is replaced as a whole: temporary file, fsync, rename, fsync of the folder. A file that is
 * damaged is an error and never taken for none, because a node that forgot its promise could obey a
 * deposed leader.
 */
public final class AllegianceFile {
  /** Its name in the server's folder. */
  public static final String NAME = "watchword.state";

  private static final String TEMPORARY = NAME + ".new";
  private static final long MAGIC = 0x5757_5354_4154_450AL;
  private static final int VERSION = 1;
  private static final int BYTES_MAX = 1 << 20;
  private static final int MEMBERS_MAX = 1 << 12;
  private static final int CRC_BYTES = 8;

  private Disk disk;

  public AllegianceFile(Disk disk) {
    this.disk = disk;
  }

  /** From now on the file is in another folder; only for a node that has promised nothing. */
  public void moveTo(Disk other) {
    disk = other;
  }

  /**
   * What was promised, {@link Allegiance#NONE} when there is no file.
   *
   * @throws IOException when it cannot be read or is damaged, naming what is wrong
   */
  public Allegiance read() throws IOException {
    if (!disk.exists(NAME)) {
      return Allegiance.NONE;
    }
    try (InputStream in = disk.read(NAME)) {
      return decode(in.readNBytes(BYTES_MAX));
    }
  }

  /**
   * Returns once the promise would survive a power failure.
   *
   * @throws IOException when it may not, or is too long to be read again; what is then found after
   *     a crash is the earlier file or this one, and whole
   */
  public void write(Allegiance allegiance) throws IOException {
    byte[] bytes = encode(allegiance);
    try (Disk.Out out = disk.create(TEMPORARY)) {
      out.write(bytes, 0, bytes.length);
      out.sync();
    }
    disk.rename(TEMPORARY, NAME);
    disk.syncFolder();
  }

  static byte[] encode(Allegiance a) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(MAGIC);
    out.writeInt(VERSION);
    out.writeUTF(a.group());
    out.writeUTF(a.sentinels());
    out.writeLong(a.epoch());
    out.writeUTF(a.masterHost());
    out.writeInt(a.masterPort());
    out.writeBoolean(a.fenced());
    out.writeLong(a.promotedEpoch());
    out.writeInt(a.members().size());
    for (String member : a.members()) {
      out.writeUTF(member);
    }
    byte[] body = bytes.toByteArray();
    if (body.length > BYTES_MAX - CRC_BYTES) {
      throw new IOException(NAME + " would have " + body.length + " bytes, more than " + BYTES_MAX);
    }
    out.writeLong(Crc64.update(0, body, 0, body.length));
    return bytes.toByteArray();
  }

  static Allegiance decode(byte[] bytes) throws IOException {
    int body = bytes.length - CRC_BYTES;
    if (body < Long.BYTES + Integer.BYTES) {
      throw new IOException(NAME + " is cut off: " + bytes.length + " bytes");
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    if (in.readLong() != MAGIC) {
      throw new IOException(NAME + " does not begin as such a file does");
    }
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException(NAME + " has version " + version + ", this server reads " + VERSION);
    }
    long crc = new DataInputStream(new ByteArrayInputStream(bytes, body, CRC_BYTES)).readLong();
    if (crc != Crc64.update(0, bytes, 0, body)) {
      throw new IOException(NAME + " is damaged: its checksum does not fit");
    }
    return new Allegiance(
        in.readUTF(),
        in.readUTF(),
        in.readLong(),
        in.readUTF(),
        in.readInt(),
        in.readBoolean(),
        in.readLong(),
        members(in));
  }

  private static List<String> members(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MEMBERS_MAX) {
      throw new IOException(NAME + " names " + count + " members");
    }
    List<String> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(in.readUTF());
    }
    return List.copyOf(members);
  }
}
