# Sourced: sets JAVA_HOME to a JDK 25 or later, looking in JAVA_HOME, the path and the usual folders.
semnal_jdk_version() { "$1/bin/java" -version 2>&1 | sed -nE 's/.*version "([0-9]+).*/\1/p' | head -1; }
semnal_find_jdk() {
  local candidate version
  for candidate in "${JAVA_HOME:-}" "$(command -v javac >/dev/null 2>&1 && dirname "$(dirname "$(readlink -f "$(command -v javac)")")")" \
      /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] || continue
    version=$(semnal_jdk_version "$candidate")
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then printf '%s' "$candidate"; return 0; fi
  done
  return 1
}
if ! JAVA_HOME=$(semnal_find_jdk); then
  echo "semnal: no JDK 25 or later found in JAVA_HOME, on the path or in the usual folders; install one (for example Temurin 25) or set JAVA_HOME." >&2
  exit 1
fi
export JAVA_HOME
