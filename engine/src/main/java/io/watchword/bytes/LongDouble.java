package io.watchword.bytes;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The {@code long double} of x86-64, in which Redis adds fractions: a sign, 64 bits of mantissa and
 * 15 of exponent.
 *
 * <p>A value is kept as the exact decimal of what those bits hold, so that adding and printing
 * round where the hardware rounds, to the nearest and ties to even. On machines where {@code long
 * double} is something else (128 bits on ARM, 64 on some) a stock Redis prints other last digits;
 * the digits here are the same on every machine. Signed zeros are not told apart, for none is ever
 * printed.
 *
 * <p>Sources: Intel 64 manual, volume 1, 4.2.2 and 4.8; C11 7.22.1.3 for what {@code strtold}
 * takes.
 */
public final class LongDouble {
  /** Longest text that is read as a number. */
  private static final int TEXT_BYTES_MAX = 5 * 1024 - 1;

  private static final int MANTISSA_BITS = 64;
  private static final int EXPONENT_MAX = 16_384;
  private static final int LAST_BIT_MIN = -16_445;
  private static final int DECIMAL_DIGITS_MAX = 5_000;
  private static final int FRACTION_DIGITS = 17;

  /** Larger than any finite value, with its sign: what {@code inf} reads as. */
  private static final BigDecimal INFINITE =
      new BigDecimal(BigInteger.ONE.shiftLeft(EXPONENT_MAX + 1));

  private final BigDecimal value;

  private LongDouble(BigDecimal value) {
    this.value = value;
  }

  /** The number that the slice spells, as {@code strtold} reads it, or null when it is none. */
  public static LongDouble find(byte[] b, int offset, int length) {
    if (length <= 0 || length > TEXT_BYTES_MAX) {
      return null;
    }
    boolean signed = b[offset] == '-' || b[offset] == '+';
    String text =
        new String(b, offset, length, StandardCharsets.ISO_8859_1)
            .substring(signed ? 1 : 0)
            .toLowerCase(Locale.ROOT);
    if (text.equals("inf") || text.equals("infinity")) {
      return new LongDouble(b[offset] == '-' ? INFINITE.negate() : INFINITE);
    }
    BigDecimal magnitude = text.startsWith("0x") ? findHex(text) : findDecimal(text);
    if (magnitude == null) {
      return null;
    }
    BigDecimal rounded = rounded(magnitude);
    boolean outOfRange = rounded.equals(INFINITE) || rounded.signum() == 0;
    if (outOfRange && magnitude.signum() != 0) {
      return null;
    }
    return new LongDouble(b[offset] == '-' ? rounded.negate() : rounded);
  }

  /** The sum; not finite when it is too large or an operand was not. */
  public LongDouble plus(LongDouble other) {
    if (!isFinite() || !other.isFinite()) {
      return new LongDouble(INFINITE);
    }
    BigDecimal sum = value.add(other.value);
    return new LongDouble(sum.signum() < 0 ? rounded(sum.negate()).negate() : rounded(sum));
  }

  public boolean isFinite() {
    return value.abs().compareTo(INFINITE) < 0;
  }

  /** Seventeen digits after the point, without the zeros at their end, as Redis prints it. */
  @Override
  public String toString() {
    BigDecimal printed = value.setScale(FRACTION_DIGITS, RoundingMode.HALF_EVEN);
    return printed.signum() == 0 ? "0" : printed.stripTrailingZeros().toPlainString();
  }

  /** Digits with a point and an exponent; null for anything else. */
  private static BigDecimal findDecimal(String text) {
    int mark = text.indexOf('e');
    String digits = mark < 0 ? text : text.substring(0, mark);
    Integer exponent = mark < 0 ? Integer.valueOf(0) : findExponent(text.substring(mark + 1));
    if (exponent == null || !isNumeral(digits, 10)) {
      return null;
    }
    BigDecimal plain = new BigDecimal("0" + digits + (digits.endsWith(".") ? "0" : ""));
    if (plain.signum() == 0) {
      return BigDecimal.ZERO;
    }
    // Beyond these the result is out of range whatever the digits, and must not be computed.
    long magnitude = (long) plain.precision() - plain.scale() + exponent;
    if (magnitude > DECIMAL_DIGITS_MAX) {
      return INFINITE;
    }
    return magnitude < -DECIMAL_DIGITS_MAX
        ? BigDecimal.ONE.scaleByPowerOfTen(-2 * DECIMAL_DIGITS_MAX)
        : plain.scaleByPowerOfTen(exponent);
  }

  private static BigDecimal findHex(String text) {
    int mark = text.indexOf('p');
    String digits = mark < 0 ? text.substring(2) : text.substring(2, mark);
    Integer exponent = mark < 0 ? Integer.valueOf(0) : findExponent(text.substring(mark + 1));
    if (exponent == null || !isNumeral(digits, 16)) {
      return null;
    }
    int point = digits.indexOf('.');
    int fraction = point < 0 ? 0 : digits.length() - point - 1;
    BigInteger whole = new BigInteger(digits.replace(".", ""), 16);
    if (whole.signum() == 0) {
      return BigDecimal.ZERO;
    }
    long shift = exponent - 4L * fraction;
    long magnitude = whole.bitLength() + shift;
    if (magnitude > EXPONENT_MAX) {
      return INFINITE;
    }
    return magnitude < LAST_BIT_MIN - 1
        ? BigDecimal.ONE.scaleByPowerOfTen(-2 * DECIMAL_DIGITS_MAX)
        : timesPowerOfTwo(whole, (int) shift);
  }

  /** Whether digits of a base, at least one of them, stand around at most one point. */
  private static boolean isNumeral(String text, int base) {
    int point = text.indexOf('.');
    String digits = point < 0 ? text : text.substring(0, point) + text.substring(point + 1);
    return !digits.isEmpty()
        && digits.chars().allMatch(c -> c < 128 && Character.digit(c, base) >= 0);
  }

  /** A decimal exponent with or without a sign, cut off far beyond what any value has; or null. */
  private static Integer findExponent(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    String significant = digits.replaceFirst("^0+(?=.)", "");
    int size = significant.length() > 8 ? 99_999_999 : Integer.parseInt(significant);
    return negative ? -size : size;
  }

  /** The nearest value that the format has, for a number that is not negative. */
  private static BigDecimal rounded(BigDecimal exact) {
    if (exact.signum() == 0 || exact.compareTo(INFINITE) >= 0) {
      return exact.signum() == 0 ? BigDecimal.ZERO : INFINITE;
    }
    int last = Math.max(LAST_BIT_MIN, topBit(exact) - MANTISSA_BITS + 1);
    BigInteger mantissa = scaledDown(exact, last);
    if (mantissa.bitLength() + last > EXPONENT_MAX) {
      return INFINITE;
    }
    return timesPowerOfTwo(mantissa, last);
  }

  /** Number of the highest bit that is set: 0 for 1, -1 for one half. */
  private static int topBit(BigDecimal exact) {
    BigInteger whole = exact.toBigInteger();
    if (whole.signum() > 0) {
      return whole.bitLength() - 1;
    }
    // A first guess from the decimal exponent, then counted exactly.
    int digits = exact.scale() - exact.precision();
    int shift = (int) (digits * 3.33) + 8;
    BigInteger shifted =
        exact.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(shift))).toBigInteger();
    return shifted.bitLength() - 1 - shift;
  }

  /** {@code exact / 2^last}, rounded to the nearest integer, ties to even. */
  private static BigInteger scaledDown(BigDecimal exact, int last) {
    BigDecimal power = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(last)));
    if (last > 0) {
      return exact.divide(power, 0, RoundingMode.HALF_EVEN).toBigInteger();
    }
    return exact.multiply(power).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
  }

  private static BigDecimal timesPowerOfTwo(BigInteger mantissa, int exponent) {
    if (exponent >= 0) {
      return new BigDecimal(mantissa.shiftLeft(exponent));
    }
    // One half is five tenths: the decimal of a binary fraction is finite.
    return new BigDecimal(mantissa.multiply(BigInteger.valueOf(5).pow(-exponent)), -exponent);
  }
}
