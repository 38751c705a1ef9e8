#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# Damage images in many ways, the same in each run. tools/affected has to print an answer
# or one line of refusal for each, and nothing else.
#
#	damage.pl PROGRAM DIR COUNT IMAGE...

use strict;
use warnings;
no warnings 'portable';

my ($program, $dir, $count, @images) = @ARGV;
my @data = map {
	open(my $in, '<:raw', $_) or die "$_: $!\n";
	local $/;
	scalar <$in>;
} @images;
my $state = 20250904;

# Random numbers that are the same with each version of Perl.
sub any {
	$state = ($state * 1103515245 + 12345) & 0x7fffffff;
	return int(($state >> 8) % $_[0]);
}

sub number {
	my ($size) = @_;
	my @odd = (0, 1, 7, 0xff, 0xffff, 0x7fffffff, 0xffffffff, 0xfffffffffffffff0,
		   0x7fffffffffffffff, $size, $size - 1, $size + 1, any($size), any(1 << 16));
	return $odd[any(scalar @odd)];
}

# Overwrite a number of 1 to 8 bytes somewhere between $from and $to.
sub put {
	my ($image, $from, $to) = @_;
	my $width = (1, 2, 4, 8)[any(4)];
	my $at = $from + any(int(($to - $from) / $width) + 1) * $width;
	return if $to <= $from || $at + $width > length $$image;
	my $value = number(length $$image);
	$value &= (1 << 8 * $width) - 1 if $width < 8;
	substr($$image, $at, $width) = pack({ 1 => 'C', 2 => 'v', 4 => 'V', 8 => 'Q<' }->{$width}, $value);
}

# Cut the image, flip bits, or change the headers and tables that the program reads.
sub damage {
	my ($image) = @_;
	my $size = length $$image;
	my $kind = any(8);
	return if $size < 64;
	my $elf = substr($$image, 0, 4) eq "\x7fELF";
	my ($phoff, $shoff) = $elf ? unpack('x32 Q< Q<', $$image) : (0, 0);
	my ($phnum, $shnum) = $elf ? unpack('x56 v x2 v', $$image) : (0, 0);

	if ($kind == 0) {
		substr($$image, any($size)) = '';
	} elsif ($kind == 1) {
		substr($$image, any($size), 1) ^= chr(1 << any(8)) for 0 .. any(20);
	} elsif (!$elf) {
		put($image, 0x1f0, 0x250);
	} elsif ($kind <= 3) {
		put($image, 16, 64);
	} elsif ($kind == 4) {
		put($image, $phoff, $phoff + 56 * $phnum);
	} elsif ($kind <= 6) {
		put($image, $shoff, $shoff + 64 * $shnum);
	} else {
		put($image, 4096, $size) for 0 .. any(200);
	}
}

my ($bad, %codes) = (0);
for my $nr (1 .. $count) {
	my $image = $data[$nr % @data];
	damage(\$image) for 0 .. any(2);
	open(my $out, '>:raw', "$dir/damaged") or die "$dir/damaged: $!\n";
	print $out $image;
	close($out) or die "$dir/damaged: $!\n";
	my $pid = fork() // die "no process: $!\n";
	if (!$pid) {
		open(STDOUT, '>', "$dir/out") and open(STDERR, '>', "$dir/err") and
			exec($program, "$dir/damaged");
		exit(98);
	}
	waitpid($pid, 0);
	my $status = $?;
	open(my $in, '<', "$dir/err") or die "$dir/err: $!\n";
	my @err = <$in>;
	my $code = $status & 127 ? "signal $status" : $status >> 8;
	$codes{$code}++;
	my $good = $code eq '125' ? @err == 1 && $err[0] =~ /^affected: \S+damaged: / :
		$code =~ /^[023]$/ && !@err;
	next if $good;
	rename("$dir/damaged", "$dir/damaged.$nr");
	print "$dir/damaged.$nr: $code: @err[0 .. ($#err < 3 ? $#err : 3)]\n";
	last if ++$bad == 5;
}
print join(', ', map { "$codes{$_} times $_" } sort keys %codes), "\n";
# If all images are refused, or none is, the damage is not useful.
exit($bad || !$codes{125} || keys %codes < 2);
