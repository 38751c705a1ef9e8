#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# Damage the recorded boot FROM in COUNT ways, the same each time, and judge the copies in
# RUN. Each has to get a verdict, and no copy whose splat is intact may pass.
#
#	damage.pl JUDGE RUN FROM CRASH COUNT

use strict;
use warnings;
use autodie;

my ($judge, $run, $from, $crash, $count) = @ARGV;
my @texts = ("\n", "\r", "\0", "BUG", "[", "[#", "<", "\nok ", "\nnot ok 3\n", "\n1..",
	     "\n# end: 1 of", "INFO: task ", "WARNING: a:1", "# SKIP");

srand(20250904);

sub damage {
	my ($text) = @_;
	my @lines = split(/(?<=\n)/, $text);
	my ($kind, $at, $to, $byte) = map { int rand } 7, @lines + 1, @lines + 1, length($text) + 1;

	return substr($text, 0, $byte) if $kind == 0;
	substr($text, $byte, 1) ^= chr(1 << rand 8) if $kind == 1 && $byte < length $text;
	substr($text, $byte, 0) = "\0" x (1 + rand 4) if $kind == 2;
	substr($text, $byte, 0) = $texts[rand @texts] if $kind == 3;
	return $text if $kind < 4 || $at == @lines;
	my ($line) = $kind == 4 ? $lines[$at] : splice(@lines, $at, 1);
	splice(@lines, $to, 0, $line) if $kind != 5 && $to <= @lines;
	return join('', @lines);
}

sub judge {
	my $said = qx("$judge" "$run" @_);
	my $code = $? & 127 ? "signal $?" : $? >> 8;
	$code =~ /^(0|1|77|125)$/ or die "exit code $code: see $run\n";
	return ($code, $said);
}

my %recorded = map { my $file = $_; $file => do { local (@ARGV, $/) = "$from/$file"; <> } }
	       qw(console ktap);
my ($scenario) = $recorded{ktap} =~ /^# scenario: (.*)/m or die "$from: no scenario\n";
my $splat;

mkdir $run if !-d $run;
for my $nr (0 .. $count) {
	my %boot = %recorded;
	for (1 .. $nr && 1 + rand 4) {
		my $file = int rand 4 ? 'console' : 'ktap';
		$boot{$file} = damage($boot{$file});
	}
	for (keys %boot) {
		open(my $out, '>:raw', "$run/$_");
		print $out $boot{$_};
		close($out);
	}
	my ($code, $said) = judge($scenario);
	# The first boot is not damaged.
	($splat) = $said =~ /^fail: splat, [^:]*:\d+:(.*)/ if !$nr;
	die "copy $nr: $said" if $code =~ /^(0|77)$/ && $splat && $boot{console} =~ /^\Q$splat\E\r?$/m;
	judge($scenario, $crash);
}
