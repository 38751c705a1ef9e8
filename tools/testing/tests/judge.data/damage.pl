#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# Damage the recorded boot FROM in COUNT ways, the same each time, and judge the copies in
# RUN. Each has to get a verdict, and no copy whose splat is intact may pass.
#
#	damage.pl JUDGE RUN FROM CRASH COUNT

use strict;
use warnings;

my ($judge, $run, $from, $crash, $count) = @ARGV;
my $state = 20250904;
my @texts = ("\n", "\r", "\0", "BUG", "[", "[#", "<", "\nok ", "\nnot ok 3\n", "\n1..",
	     "\n# end: 1 of", "INFO: task ", "WARNING: a:1", "# SKIP");

# Perl's own generator differs between versions.
sub any {
	$state = ($state * 1103515245 + 12345) & 0x7fffffff;
	return ($state >> 8) % $_[0];
}

sub damage {
	my @lines = split(/(?<=\n)/, $_[0]);
	my ($kind, $at, $to) = (any(7), any(@lines + 1), any(@lines + 1));
	my $byte = any(length($_[0]) + 1);

	return substr($_[0], 0, $byte) if $kind == 0;
	substr($_[0], $byte, 1) ^= chr(1 << any(8)) if $kind == 1 && $byte < length $_[0];
	substr($_[0], $byte, 0) = "\0" x (1 + any(4)) if $kind == 2;
	substr($_[0], $byte, 0) = $texts[any(scalar @texts)] if $kind == 3;
	return $_[0] if $kind < 4 || $at == @lines;
	my ($line) = $kind == 4 ? $lines[$at] : splice(@lines, $at, 1);
	splice(@lines, $to, 0, $line) if $kind != 5 && $to <= @lines;
	return join('', @lines);
}

sub judge {
	open(my $out, '-|', $judge, $run, @_) or die "$judge: $!\n";
	my $said = <$out> // '';
	close($out);
	my $code = $? & 127 ? "signal $?" : $? >> 8;
	$code =~ /^(0|1|77|125)$/ or die "exit code $code: see $run\n";
	return ($code, $said);
}

my %recorded = map {
	open(my $in, '<:raw', "$from/$_") or die "$from/$_: $!\n";
	local $/;
	$_ => scalar <$in>;
} qw(console ktap);
my ($scenario) = $recorded{ktap} =~ /^# scenario: (.*)/m or die "$from: no scenario\n";
my $splat;

mkdir $run;
for my $nr (0 .. $count) {
	my %boot = %recorded;
	for (1 .. $nr && 1 + any(4)) {
		my $file = any(4) ? 'console' : 'ktap';
		$boot{$file} = damage($boot{$file});
	}
	for (keys %boot) {
		open(my $out, '>:raw', "$run/$_") or die "$run/$_: $!\n";
		print $out $boot{$_};
		close($out) or die "$run/$_: $!\n";
	}
	my ($code, $said) = judge($scenario);
	# The first boot is not damaged.
	($splat) = $said =~ /^fail: splat, [^:]*:\d+:(.*)/ if !$nr;
	die "copy $nr: $said" if $code =~ /^(0|77)$/ && $splat && $boot{console} =~ /^\Q$splat\E\r?$/m;
	judge($scenario, $crash);
}
