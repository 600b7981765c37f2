# dns_tool NUMBER PLACE KIND SERVER PORT SECONDS NAME TYPE: one question by whatever DNS tool is there, in the background.
dns_tool() {
  if [ "$2" = - ]; then enter=''; else enter="nsenter --net=$2"; fi
  tcp=''
  if [ "$3" = tcp ]; then tcp=+tcp; fi
  if have dig; then
    tool=dig
    answer=$($enter dig +noedns +noall +comments +answer +tries=1 +time="$6" $tcp -p "$5" "@$4" "$7." "$8" 2>&1)
  elif have nslookup && [ "$3" = udp ] && [ "$5" = 53 ]; then
    tool=nslookup
    answer=$($enter nslookup "-type=$8" "$7." "$4" 2>&1)
  else
    return
  fi
  # One write, so that answers of several questions do not mix.
  printf '\n@%s answer %s %s\n%s\n' "$B" "$1" "$tool" "$answer"
}
