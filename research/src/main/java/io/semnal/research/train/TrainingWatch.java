package io.semnal.research.train;

/** Is told how training goes, and says when it is to stop. */
public interface TrainingWatch {
  /** Nobody looks. */
  TrainingWatch NONE =
      new TrainingWatch() {
        @Override
        public void progress(String stage, long done, long total) {}

        @Override
        public void log(String line) {}

        @Override
        public boolean isCancelled() {
          return false;
        }
      };

  /**
   * @param total 0 = not known
   */
  void progress(String stage, long done, long total);

  void log(String line);

  boolean isCancelled();
}
