# The steps of a release, each a function that runs in $tree, an export of the commit with the version
# $version, and leaves its files in $out. One that cannot be done here says why, and ends with 3.

skip() { echo "skipped: $*"; exit 3; }
has() { command -v "$1" >/dev/null; }

case $(uname -m) in
  x86_64) arch=amd64 ;;
  aarch64) arch=arm64 ;;
  *) arch=$(uname -m) ;;
esac

# Sets the time that all files get, that of the commit.
export_commit() {
  mkdir "$tree"
  git -C "$checkout" archive HEAD | tar -x -C "$tree"
  SOURCE_DATE_EPOCH=$(git -C "$checkout" log -1 --format=%ct)
  export SOURCE_DATE_EPOCH
  commit=$(git -C "$checkout" rev-parse HEAD)
  instant=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
  if [ -n "$from_target" ]; then
    [ "$("$tree/.ci/release/set-version")" = "$version" ] || refuse "target/ is not of $version"
    [ -d "$checkout/target/quarkus-app" ] || refuse "target/ has no service: ./mvnw package first"
    mkdir "$tree/target"
    cp -R "$checkout/target/quarkus-app" "$checkout/target/dueline-$version-"* "$tree/target"
  else
    "$tree/.ci/release/set-version" "$version"
  fi
}

maven() {
  ./mvnw -B -q "$@" -DskipTests -Dunchecked -Dproject.build.outputTimestamp="$instant" \
    -Dquarkus.package.output-timestamp="$instant"
}

# The service on a JVM, once for all steps that take something from it.
service() { [ -d target/quarkus-app ] || maven package; }

# archive NAME: the directory NAME of $scratch as $out/NAME.tar.gz.
archive() { pack "$out/$1.tar.gz" -C "$scratch" "$1"; }

# pack FILE ARGUMENTS: a tar whose bytes depend on the names and contents alone.
pack() {
  local file=$1
  shift
  tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
    --mode=u+rw,go+r,go-w,a+X --format=gnu -c "$@" | gzip -n9 >"$file"
}

# What goes with each program: papers, the licenses of what is in it, and completions.
accompany() {
  cp LICENSE CHANGELOG.md "$1"
  python3 "$here/licenses.py" "target/dueline-$version-dependency-cyclonedx.json" >"$1/THIRD-PARTY.txt"
  mkdir "$1/completions"
  completions "$1/completions"
}

completions() {
  local shell
  for shell in bash zsh fish; do
    java -XX:TieredStopAtLevel=1 -jar target/quarkus-app/quarkus-run.jar completion $shell \
      >"$1/dueline.$shell"
  done
}

step_jar() {
  service
  local name=dueline-$version-jvm
  mkdir -p "$scratch/$name/bin"
  cp -R target/quarkus-app "$scratch/$name/lib"
  install -m 755 "$here/dueline" "$scratch/$name/bin/dueline"
  accompany "$scratch/$name"
  archive "$name"
}

native_binary() {
  [ -z "$from_target" ] || skip "it is not made from target/"
  [ -n "${GRAALVM_HOME:-}" ] || skip "GRAALVM_HOME names no GraalVM or Mandrel"
  service
  ls target/*-runner >/dev/null 2>&1 || maven package -Dnative
}

step_native() {
  native_binary
  local name=dueline-$version-linux-$arch
  mkdir "$scratch/$name"
  install -m 755 target/*-runner "$scratch/$name/dueline"
  accompany "$scratch/$name"
  archive "$name"
}

# image KIND BASE: an OCI archive, on that base or the one that the Dockerfile names.
image() {
  local kind=$1 base=$2
  [ -n "$base" ] || base=$(sed -n 's/^ARG BASE=//p' "src/main/docker/Dockerfile.$kind")
  buildah pull --quiet --policy missing "$base" >/dev/null || skip "the base image $base cannot be had"
  buildah build --quiet --format oci --timestamp "$SOURCE_DATE_EPOCH" --build-arg "BASE=$base" \
    --label "org.opencontainers.image.version=$version" --label "org.opencontainers.image.revision=$commit" \
    --label org.opencontainers.image.licenses=Apache-2.0 \
    -f "src/main/docker/Dockerfile.$kind" -t "dueline-release:$kind" . >/dev/null
  buildah push --quiet "dueline-release:$kind" \
    "oci-archive:$out/dueline-$version-image-$kind-linux-$arch.oci.tar:$version"
  buildah rmi "dueline-release:$kind" >/dev/null
}

step_image_jvm() {
  has buildah || skip "no buildah"
  service
  image jvm "${BASE_JVM:-}"
}

step_image_native() {
  has buildah || skip "no buildah"
  native_binary
  image native "${BASE_NATIVE:-}"
}

# The digest of the image for the JVM that was made here.
image_digest() {
  local file=$out/dueline-$version-image-jvm-linux-$arch.oci.tar
  [ ! -f "$file" ] || tar -xOf "$file" index.json | grep -oE 'sha256:[0-9a-f]{64}' | head -n 1
}

# As helm packages it, but the same each time.
step_chart() {
  local digest=${IMAGE_DIGEST:-$(image_digest)} chart=$scratch/chart/dueline
  mkdir "$scratch/chart"
  cp -R k8s/helm/dueline "$scratch/chart"
  cp LICENSE "$chart"
  rm -rf "$chart/ci"
  sed -i "s|^  repository: dueline\$|  repository: ${IMAGE:-dueline}|; s|^  digest: \"\"|  digest: \"$digest\"|" \
    "$chart/values.yaml"
  [ -n "$digest" ] || echo "no IMAGE_DIGEST and no image made here: the chart asks for a tag"
  pack "$out/dueline-chart-$version.tgz" -C "$scratch/chart" dueline
}

# Without the time of the build.
step_sbom() {
  service
  python3 - "target/dueline-$version-dependency-cyclonedx.json" "$instant" >"$out/dueline-$version-sbom.cdx.json" <<'PYTHON'
import json, sys
document = json.load(open(sys.argv[1]))
document["metadata"]["timestamp"] = sys.argv[2]
json.dump(document, sys.stdout, indent=1, sort_keys=True)
PYTHON
}

step_completion() {
  service
  local name=dueline-$version-completions
  mkdir "$scratch/$name"
  cp LICENSE "$scratch/$name"
  completions "$scratch/$name"
  archive "$name"
}

step_contract() {
  service
  cp "target/dueline-$version-contract.binpb" "$out"
  mkdir "$scratch/contract"
  cp -R proto/dueline "$scratch/contract"
  python3 "$here/zip.py" "$out/dueline-$version-contract.zip" "" "$scratch/contract" LICENSE
}

step_python() {
  python3 -m venv "$scratch/venv" 2>/dev/null && "$scratch/venv/bin/pip" -q install build \
    || skip "no venv, or no package \"build\" to be had"
  cp LICENSE clients/python
  "$scratch/venv/bin/python" -m build --outdir "$scratch/wheel" clients/python >"$scratch/log" 2>&1 \
    || { tail -n 30 "$scratch/log"; return 1; }
  cp "$scratch"/wheel/*.whl "$out"
  # setuptools gives files the time of the build.
  local sources
  sources=$(basename "$scratch"/wheel/*.tar.gz)
  tar -xzf "$scratch/wheel/$sources" -C "$scratch/wheel"
  pack "$out/$sources" -C "$scratch/wheel" "${sources%.tar.gz}"
}

step_node() {
  has npm || skip "no npm"
  cp LICENSE clients/node
  (cd clients/node && npm install --silent --no-audit --no-fund && npm pack --silent >/dev/null)
  mv "clients/node/dueline-${version%-SNAPSHOT}.tgz" "$out/dueline-node-$version.tgz"
}

# As the go command has modules: all is in a directory MODULE@VERSION.
step_go() {
  (cd clients/go && python3 "$here/zip.py" "$out/dueline-go-$version.zip" \
    "dueline.dev/go@v$version/" . "$tree/LICENSE")
}

step_java() {
  service
  mkdir -p clients/java/src/main/resources/META-INF
  cp LICENSE clients/java/src/main/resources/META-INF
  maven -f clients/java package
  cp clients/java/pom.xml "$out/dueline-client-$version.pom"
  # The plugin that Maven brings for jars gives files the time of the build.
  mkdir "$scratch/client"
  (cd "$scratch/client" && "${JAVA_HOME:+$JAVA_HOME/bin/}jar" xf "$tree/clients/java/target/dueline-client-$version.jar")
  python3 "$here/zip.py" "$out/dueline-client-$version.jar" "" "$scratch/client"
}

step_notes() { .ci/release/notes "$version" >"$out/dueline-$version-notes.md"; }
