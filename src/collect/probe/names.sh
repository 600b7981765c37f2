# names: what CRI runtimes wrote about a container: annotations with the names of container, pod and namespace, and the image. The
# same file holds the environment of the container, so only these words are taken.
container_names() {
  rec names "$1"
  for file in /run/containerd/io.containerd.runtime.v2.task/*/"$1"/config.json /run/k3s/containerd/io.containerd.runtime.v2.task/*/"$1"/config.json \
    /run/containers/storage/overlay-containers/"$1"/userdata/config.json /var/run/containers/storage/overlay-containers/"$1"/userdata/config.json; do
    if [ -f "$file" ] && [ -r "$file" ]; then
      printf '%s\n' "$file"
      dd bs=1048576 count=1 <"$file" 2>/dev/null | grep -aoE '"(io\.kubernetes\.[a-zA-Z.-]+|nerdctl/name)"[[:blank:]]*:[[:blank:]]*"[^"\\]*"'
      break
    fi
  done
}
