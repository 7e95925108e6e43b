package io.semnal.gateway.json;

/** Reads the bodies of admin requests. */
public final class AdminRequests {
  private AdminRequests() {}

  /**
   * The text of one field of a JSON object.
   *
   * @throws BadRequestException naming what is wrong
   */
  public static String text(byte[] json, String field) throws BadRequestException {
    return JsonFields.parse(json, 0, json.length).required(field);
  }
}
