# Carries jobs out (see ask/job.ts): reads lines, opens every socket in its network namespace, then waits for all of them together.
use strict;
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 AF_INET6 IPPROTO_TCP);
use Errno ();
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
my $now = eval { require Time::HiRes; \&Time::HiRes::time } || sub { time };
$SIG{PIPE} = 'IGNORE';
$| = 1;
my %name = map { my $n = eval { no strict 'refs'; &{"Errno::$_"}() }; defined $n ? ($n => $_) : () } grep { $_ ne 'EWOULDBLOCK' } @Errno::EXPORT_OK;
my %setns = (x86_64 => 308, aarch64 => 268, riscv64 => 268, ppc64le => 350, s390x => 339, i686 => 346, i386 => 346, armv7l => 375, armv6l => 375);
my $machine = do { require POSIX; (POSIX::uname())[4] };
open(my $own, '<', '/proc/self/ns/net');
my $here = '-';
sub enter {
  my $place = shift;
  return 1 if $place eq $here;
  my $number = $setns{$machine} or return 0;
  my $fd = $own;
  if ($place ne '-') { open($fd, '<', $place) or return 0; }
  syscall($number, fileno($fd), 0x40000000) == 0 or return 0;
  $here = $place;
  return 1;
}
sub number_of { my $e = shift; return $name{$e} || 'EIO' }
my %open;
while (my $line = <STDIN>) {
  chomp $line;
  my ($n, $place, $kind, $address, $port, $timeout, $hex) = split / /, $line;
  unless (enter($place)) { print "$n X\n"; next; }
  my $message = $hex eq '-' ? '' : pack('H*', $hex);
  my $six = $address =~ /:/;
  my $scope = 0;
  if ($six && $address =~ s/%(.+)$//) { $scope = $1 =~ /^\d+$/ ? $1 : 0; }
  my $to = $six ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $address), $scope) : pack_sockaddr_in($port, inet_aton($address));
  my $udp = $kind eq 'udp';
  my $s;
  unless (socket($s, $six ? AF_INET6 : AF_INET, $udp ? SOCK_DGRAM : SOCK_STREAM, 0)) { print "$n E ", number_of(0 + $!), "\n"; next; }
  fcntl($s, F_SETFL, fcntl($s, F_GETFL, 0) | O_NONBLOCK);
  my $connected = connect($s, $to);
  if (!$connected && !($!{EINPROGRESS} && !$udp)) { print "$n E ", number_of(0 + $!), "\n"; next; }
  my $start = $now->();
  my $job = { n => $n, s => $s, kind => $kind, start => $start, end => $start + $timeout / 1000, again => $start + $timeout / 2000, message => $message, in => '' };
  if ($udp && !defined send($s, $message, 0)) { print "$n E ", number_of(0 + $!), "\n"; next; }
  $job->{want} = $udp ? 'r' : 'w';
  $open{fileno $s} = $job;
}
while (%open) {
  my ($r, $w, $soon) = ('', '', undef);
  my $t = $now->();
  for my $fd (keys %open) {
    my $j = $open{$fd};
    if ($t >= $j->{end}) { print "$j->{n} T\n"; delete $open{$fd}; next; }
    if ($j->{kind} eq 'udp' && $j->{again} && $t >= $j->{again}) { send($j->{s}, $j->{message}, 0); $j->{again} = 0; }
    if ($j->{want} eq 'r') { vec($r, $fd, 1) = 1 } else { vec($w, $fd, 1) = 1 }
    my $next = $j->{kind} eq 'udp' && $j->{again} ? $j->{again} : $j->{end};
    $soon = $next if !defined $soon || $next < $soon;
  }
  last unless %open;
  my $wait = $soon - $t;
  $wait = 0.001 if $wait < 0.001;
  select($r, $w, undef, $wait) > 0 or next;
  for my $fd (keys %open) {
    my $j = $open{$fd};
    my $s = $j->{s};
    if ($j->{want} eq 'w' && vec($w, $fd, 1)) {
      my $e = unpack('i', getsockopt($s, SOL_SOCKET, SO_ERROR));
      if ($e) { print "$j->{n} E ", number_of($e), "\n"; delete $open{$fd}; }
      elsif ($j->{kind} eq 'dial') { print "$j->{n} C\n"; delete $open{$fd}; }
      else { syswrite($s, pack('n', length $j->{message}) . $j->{message}); $j->{want} = 'r'; }
    } elsif ($j->{want} eq 'r' && vec($r, $fd, 1)) {
      my $got = sysread($s, my $bytes, 65536);
      if (!defined $got) { next if $!{EAGAIN}; print "$j->{n} E ", number_of(0 + $!), "\n"; delete $open{$fd}; next; }
      if ($j->{kind} eq 'tcp') {
        $j->{in} .= $bytes;
        if (!$got) { print "$j->{n} E ECONNRESET\n"; delete $open{$fd}; next; }
        next if length $j->{in} < 2 || length $j->{in} < 2 + unpack('n', $j->{in});
        $bytes = substr($j->{in}, 2, unpack('n', $j->{in}));
      }
      printf "%s R %.1f %s\n", $j->{n}, ($now->() - $j->{start}) * 1000, unpack('H*', $bytes);
      delete $open{$fd};
    }
  }
}
