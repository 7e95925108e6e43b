package io.semnal.inference.compiled;

/**
 * Functions that give the same bits on every machine: made of additions, multiplications, divisions
 * and shifts of bits alone, where {@link Math} may use what the processor offers.
 *
 * <p>In double, to a few units in the last place; scores are float32, so that this rounds to the
 * nearest float32 nearly always.
 */
final class Elementary {
  private static final double LOG2_E = 1.4426950408889634;

  /** ln 2 in two parts: the upper has 32 trailing zero bits, so that its multiples are exact. */
  private static final double LN2_UPPER = 0x1.62e42fee00000p-1;

  private static final double LN2_LOWER = 0x1.a39ef35793c76p-33;

  /** Added and taken away again, it rounds to the nearest integer. */
  private static final double ROUNDER = 0x1.8p52;

  private static final double EXP_LARGEST = 709;
  private static final double EXP_SMALLEST = -700;
  private static final int EXPONENT_BIAS = 1023;
  private static final int MANTISSA_BITS = 52;

  /** Below, tanh is computed by its series: the quotient would lose digits. */
  static final double TANH_SERIES = 0.02;

  private static final double TANH_ONE = 20;

  private static final double ERF_SERIES = 0.5;
  private static final double ERF_ONE = 4;
  private static final int ERF_DEGREE = 11;

  /** erf(x) / x by powers of x², for |x| up to 0.5: Chebyshev interpolation, error 5e-18. */
  private static final double[] ERF_SMALL = {
    1.1283791670955126,
    -0.37612638903183476,
    0.11283791670925353,
    -0.026866170632887928,
    0.00522397737302147,
    -0.0008548297753674966,
    0.00012053335124353741,
    -1.4845849259707869e-05,
    1.4725865480556744e-06
  };

  /**
   * erf around the middle of each half from 0 to 4, twelve coefficients each by powers of four
   * times the distance: Chebyshev interpolation, error below 1e-14.
   */
  private static final double[] ERF_HALVES = {
    0.2763263901682286,
    0.2650035323440283,
    -0.01656272077089883,
    -0.004830793558335686,
    0.0004960189743994148,
    7.817690446142046e-05,
    -9.895638467862097e-06,
    -9.86637482116358e-07,
    1.4788936676953418e-07,
    9.93374195447682e-09,
    -1.716113084913223e-09,
    -7.98908636539141e-11,
    0.7111556336535181,
    0.16073276729880237,
    -0.03013739386873935,
    0.0004185749148016439,
    0.0005886209764937157,
    -5.199485224783037e-05,
    -6.560681956267955e-06,
    1.1251955164171759e-06,
    3.514318344208908e-08,
    -1.5133958401647815e-08,
    1.5888399120750346e-10,
    1.4542050129845927e-10,
    0.9229001282564597,
    0.0591302806118223,
    -0.01847821269130622,
    0.00261774679794786,
    -2.4060171472953817e-05,
    -4.60752311982517e-05,
    5.2005005419183664e-06,
    2.2131384232288303e-07,
    -8.692896887946949e-08,
    3.34515821911302e-09,
    7.472607100064088e-10,
    -7.47749150907055e-11,
    0.9866716712191804,
    0.013193748982537718,
    -0.005772265179718114,
    0.0014087075736473908,
    -0.00018789925881505565,
    6.469103101104347e-06,
    2.1882505115840305e-06,
    -3.697972901838714e-07,
    1.112602846915076e-08,
    3.411898587114324e-09,
    -4.1005758814568435e-10,
    -2.073489895494244e-12,
    0.9985372834133195,
    0.0017855797555045066,
    -0.0010043886125174913,
    0.0003394461514362721,
    -7.454446679233605e-05,
    1.0407889819304701e-05,
    -7.090738557771465e-07,
    -4.092142343433328e-08,
    1.525552164489985e-08,
    -1.4090008728513397e-09,
    -1.4921007278686362e-11,
    1.5465388441122027e-11,
    0.9998993780778804,
    0.00014656931177342854,
    -0.00010076640184684293,
    4.31310735180735e-05,
    -1.272700645272753e-05,
    2.691219137944512e-06,
    -4.0462107616532957e-07,
    3.943128081235984e-08,
    -1.3579651280166372e-09,
    -2.7182977404371134e-10,
    5.2238730071859515e-11,
    -3.657317659697672e-12,
    0.9999956972205363,
    7.297256345899323e-06,
    -5.929020777049413e-06,
    3.059526748909852e-06,
    -1.1194115221443995e-06,
    3.064426062948606e-07,
    -6.433781507799397e-08,
    1.0375438550280496e-08,
    -1.246227079297705e-09,
    9.888053254161564e-11,
    -1.8804371949130662e-12,
    -7.070609760414848e-13,
    0.9999998862727434,
    2.203580478083874e-07,
    -2.0658566999212938e-07,
    1.2452525094339143e-07,
    -5.406734125977013e-08,
    1.7940405637782663e-08,
    -4.7052628916779625e-09,
    9.933640871461708e-10,
    -1.6978647421026193e-10,
    2.3306523835193105e-11,
    -2.4979333402086958e-12,
    1.8222046626953497e-13
  };

  private Elementary() {}

  /** e to the power of x; 0 below −700, which no float32 tells from it. */
  static double exp(double x) {
    if (!(x < EXP_LARGEST)) {
      return x != x ? x : Double.POSITIVE_INFINITY;
    }
    if (x < EXP_SMALLEST) {
      return 0;
    }
    double k = wholePowers(x);
    return series(rest(x, k)) * powerOfTwo(k);
  }

  /** The power of two, a whole number, that is nearest to e to the power of x. */
  static double wholePowers(double x) {
    return (x * LOG2_E + ROUNDER) - ROUNDER;
  }

  /** What is left of x. */
  static double rest(double x, double wholePowers) {
    return (x - wholePowers * LN2_UPPER) - wholePowers * LN2_LOWER;
  }

  static double powerOfTwo(double k) {
    return Double.longBitsToDouble((long) k + EXPONENT_BIAS << MANTISSA_BITS);
  }

  /** e to the power of a number of at most half of ln 2. */
  static double series(double r) {
    double r2 = r * r;
    double r4 = r2 * r2;
    // The series to r^13 / 13!, its terms in pairs: shorter chains than one after another.
    double low = (1 + r) + r2 * (0.5 + r * (1.0 / 6));
    double middle = (1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040));
    double high = (1.0 / 40320 + r * (1.0 / 362880)) + r2 * (1.0 / 3628800 + r * (1.0 / 39916800));
    double top = 1.0 / 479001600 + r * (1.0 / 6227020800.0);
    return low + r4 * (middle + r4 * (high + r4 * top));
  }

  static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
  }

  static double tanh(double x) {
    double size = x < 0 ? -x : x;
    if (size < TANH_SERIES) {
      double square = x * x;
      return x * (1 + square * (-1.0 / 3 + square * (2.0 / 15 + square * (-17.0 / 315))));
    }
    double value = size > TANH_ONE ? 1 : 1 - 2 / (exp(2 * size) + 1);
    return x < 0 ? -value : value;
  }

  static double erf(double x) {
    double size = x < 0 ? -x : x;
    if (size < ERF_SERIES) {
      return x * polynomial(ERF_SMALL, 0, ERF_SMALL.length - 1, x * x);
    }
    if (!(size < ERF_ONE)) {
      return x != x ? x : x < 0 ? -1 : 1;
    }
    int half = (int) (size * 2);
    double from = (size - (half * 0.5 + 0.25)) * 4;
    double value = polynomial(ERF_HALVES, half * (ERF_DEGREE + 1), ERF_DEGREE, from);
    return x < 0 ? -value : value;
  }

  private static double polynomial(double[] coefficients, int at, int degree, double x) {
    double sum = coefficients[at + degree];
    for (int i = degree - 1; i >= 0; i--) {
      sum = sum * x + coefficients[at + i];
    }
    return sum;
  }

  /** ln(1 + e^x) without overflow. */
  static double softplus(double x) {
    return x > 0 ? x + StrictMath.log1p(exp(-x)) : StrictMath.log1p(exp(x));
  }
}
