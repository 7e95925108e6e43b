package io.semnal.gateway.fix;

/** The user-defined tags of the signal feed; docs/fix.md says what each holds. */
public final class UserTag {
  public static final int RESUME_TOKEN = 20000;
  public static final int OUT_SEQ = 20001;
  public static final int EPOCH = 20002;
  public static final int SIGNAL_ID = 20003;
  public static final int STREAM_SEQ = 20004;
  public static final int CAUSE_SEQ = 20005;
  public static final int STRATEGY = 20006;
  public static final int TIMEFRAME = 20007;
  public static final int MODEL = 20008;
  public static final int STRENGTH = 20009;
  public static final int STOP_LOSS = 20010;
  public static final int TAKE_PROFIT = 20011;
  public static final int FEATURE_HASH = 20012;
  public static final int EVENT_TIME = 20013;
  public static final int SIGNAL_TYPE = 20014;
  public static final int SIGNAL_STATE = 20015;
  public static final int END_REASON = 20016;
  public static final int EXIT_PRICE = 20017;
  public static final int PIPS = 20018;
  public static final int REPEATS = 20019;
  public static final int BID = 20020;
  public static final int ASK = 20021;
  public static final int REQUEST_ID = 20030;
  public static final int STREAM_STATE = 20031;
  public static final int ERROR_CODE = 20032;
  public static final int SNAPSHOT = 20033;
  public static final int STRATEGIES = 20034;
  public static final int TIMEFRAMES = 20035;
  public static final int SYMBOL_FORM = 20036;
  public static final int AUTO_SUBSCRIBE = 20037;

  private UserTag() {}
}
