package io.semnal.gateway;

/**
 * Says that the next outbound message cannot be had as it was published: nobody is given another
 * one in its place. Where it lies, and what to do, stands in the operator's log.
 */
public final class DamagedHistoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DamagedHistoryException(RuntimeException cause) {
    super(cause.getMessage(), cause);
  }
}
