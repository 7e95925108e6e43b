package io.semnal.gateway.fix;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The signal feed's messages as a QuickFIX data dictionary: what a session of this server sends and
 * takes, user tags included, and nothing else.
 */
public final class DictionaryXml {
  private static final List<String> VERSIONS = List.of("FIX.4.2", "FIX.4.3", "FIX.4.4");

  private static final String HEADER =
      "8 9 35 49 56 34 52 43? 97? 122? 50? 57? 115? 116? 128? 129? 369?";

  /** Field: name and type. */
  private static final Map<Integer, String> FIELDS = new TreeMap<>();

  private static final List<String> MESSAGES =
      List.of(
          "Heartbeat 0 admin 112?",
          "TestRequest 1 admin 112",
          "ResendRequest 2 admin 7 16",
          "Reject 3 admin 45 371? 372? 373? 58?",
          "SequenceReset 4 admin 123? 36",
          "Logout 5 admin 58?",
          "Logon A admin 98 108 95? 96? 141? 789? 553? 554? 20000? 20036? 20037?",
          "IOI 6 app 23 28 26? 55 54 27 44? 62? 130? 60? 58? 20000 20001 20002 20003 20004 20005"
              + " 20006? 20007? 20008? 20009? 20010? 20011? 20012? 20013? 20014 20015? 20016?"
              + " 20017? 20018? 20019? 20020? 20021?",
          "News B app 42? 148 146{55}? 33{58} 20000? 20001? 20002? 20003? 20004? 20005? 20006?"
              + " 20007? 20008? 20009? 20012? 20013? 20014? 20020? 20021?",
          "BusinessMessageReject j app 45? 372 379? 380 58? 20032? 20000?",
          "SignalRequest U1 app 20030? 20000? 20033? 146{55}? 20034? 20035?",
          "StreamStatus U2 app 20031 20030 20000");

  static {
    String text =
        "7 BeginSeqNo SEQNUM,8 BeginString STRING,9 BodyLength LENGTH,10 CheckSum STRING,"
            + "16 EndSeqNo SEQNUM,23 IOIID STRING,26 IOIRefID STRING,27 IOIQty STRING,"
            + "28 IOITransType CHAR,33 NoLinesOfText NUMINGROUP,34 MsgSeqNum SEQNUM,"
            + "35 MsgType STRING,36 NewSeqNo SEQNUM,42 OrigTime UTCTIMESTAMP,43 PossDupFlag BOOLEAN,"
            + "44 Price PRICE,45 RefSeqNum SEQNUM,49 SenderCompID STRING,50 SenderSubID STRING,"
            + "52 SendingTime UTCTIMESTAMP,54 Side CHAR,55 Symbol STRING,56 TargetCompID STRING,"
            + "57 TargetSubID STRING,58 Text STRING,60 TransactTime UTCTIMESTAMP,"
            + "62 ValidUntilTime UTCTIMESTAMP,95 RawDataLength LENGTH,96 RawData DATA,"
            + "97 PossResend BOOLEAN,98 EncryptMethod INT,108 HeartBtInt INT,112 TestReqID STRING,"
            + "115 OnBehalfOfCompID STRING,116 OnBehalfOfSubID STRING,122 OrigSendingTime UTCTIMESTAMP,"
            + "123 GapFillFlag BOOLEAN,128 DeliverToCompID STRING,129 DeliverToSubID STRING,"
            + "130 IOINaturalFlag BOOLEAN,141 ResetSeqNumFlag BOOLEAN,146 NoRelatedSym NUMINGROUP,"
            + "148 Headline STRING,369 LastMsgSeqNumProcessed SEQNUM,371 RefTagID INT,"
            + "372 RefMsgType STRING,373 SessionRejectReason INT,379 BusinessRejectRefID STRING,"
            + "380 BusinessRejectReason INT,553 Username STRING,554 Password STRING,"
            + "789 NextExpectedMsgSeqNum SEQNUM,20000 ResumeToken STRING,20001 OutSeq INT,"
            + "20002 Epoch INT,20003 SignalID INT,20004 StreamSeq INT,20005 CauseSeq INT,"
            + "20006 Strategy STRING,20007 Timeframe INT,20008 Model STRING,20009 Strength FLOAT,"
            + "20010 StopLoss PRICE,20011 TakeProfit PRICE,20012 FeatureHash STRING,"
            + "20013 EventTime UTCTIMESTAMP,20014 SignalType STRING,20015 SignalState STRING,"
            + "20016 EndReason STRING,20017 ExitPrice PRICE,20018 Pips FLOAT,20019 Repeats INT,"
            + "20020 Bid PRICE,20021 Ask PRICE,20030 RequestID INT,20031 StreamState STRING,"
            + "20032 ErrorCode STRING,20033 Snapshot BOOLEAN,20034 Strategies STRING,"
            + "20035 Timeframes STRING,20036 SymbolForm STRING,20037 AutoSubscribe BOOLEAN";
    for (String field : text.split(",")) {
      FIELDS.put(Integer.parseInt(field.substring(0, field.indexOf(' '))), field);
    }
  }

  private DictionaryXml() {}

  /** The versions that there is a dictionary of. */
  public static List<String> versions() {
    return VERSIONS;
  }

  /**
   * The dictionary of one version.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static String of(String version) {
    if (!VERSIONS.contains(version)) {
      throw new IllegalArgumentException(
          "there is no dictionary of '" + version + "': one of " + String.join(", ", VERSIONS));
    }
    StringBuilder xml = new StringBuilder(16_384);
    xml.append("<fix type=\"FIX\" major=\"4\" minor=\"")
        .append(version.substring("FIX.4.".length()))
        .append("\" servicepack=\"0\">\n <header>\n");
    members(xml, HEADER.split(" "));
    xml.append(" </header>\n <trailer>\n");
    members(xml, new String[] {"10"});
    xml.append(" </trailer>\n <messages>\n");
    MESSAGES.forEach(message -> message(xml, message.split(" ")));
    xml.append(" </messages>\n <components/>\n <fields>\n");
    FIELDS.values().forEach(field -> field(xml, field.split(" ")));
    return xml.append(" </fields>\n</fix>\n").toString();
  }

  private static void message(StringBuilder xml, String[] words) {
    xml.append("  <message name=\"")
        .append(words[0])
        .append("\" msgtype=\"")
        .append(words[1])
        .append("\" msgcat=\"")
        .append(words[2])
        .append("\">\n");
    List<String> members = new ArrayList<>(List.of(words).subList(3, words.length));
    members(xml, members.toArray(String[]::new));
    xml.append("  </message>\n");
  }

  /** {@code 58} is required, {@code 58?} is not, {@code 33{58}} is a group. */
  private static void members(StringBuilder xml, String[] members) {
    for (String member : members) {
      String required = member.endsWith("?") ? "N" : "Y";
      String bare = member.replace("?", "");
      int brace = bare.indexOf('{');
      if (brace < 0) {
        reference(xml, "field", bare, required, "/>\n");
      } else {
        reference(xml, "group", bare.substring(0, brace), required, ">\n");
        reference(xml, "field", bare.substring(brace + 1, bare.length() - 1), "Y", "/>\n");
        xml.append("   </group>\n");
      }
    }
  }

  private static void reference(
      StringBuilder xml, String kind, String tag, String required, String end) {
    String name = FIELDS.get(Integer.parseInt(tag)).split(" ")[1];
    xml.append("   <").append(kind).append(" name=\"").append(name);
    xml.append("\" required=\"").append(required).append('"').append(end);
  }

  private static void field(StringBuilder xml, String[] words) {
    xml.append("  <field number=\"")
        .append(words[0])
        .append("\" name=\"")
        .append(words[1])
        .append("\" type=\"")
        .append(words[2])
        .append("\"/>\n");
  }
}
