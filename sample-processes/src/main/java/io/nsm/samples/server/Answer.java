package io.nsm.samples.server;

/** What is answered to a request: an HTTP status and a JSON body. */
record Answer(int status, Json body) {

  static Answer ok(Json body) {
    return new Answer(200, body);
  }

  static Answer error(int status, String message) {
    return new Answer(status, new Json().with("error", message));
  }
}
