// SPDX-License-Identifier: GPL-2.0
/*
 * RAM that firmware can take away: the kernel has it from its boot, in the middle of the
 * rest, and on the bus it is a memory device.
 */
DefinitionBlock ("", "SSDT", 2, "PGSYNC", "EJECT", 1)
{
	Device (\_SB.RAM0)
	{
		Name (_HID, "PGSY0001")
		Name (_CID, EisaId ("PNP0C80"))
		Name (THER, 0xf)
		Name (_CRS, ResourceTemplate ()
		{
			QWordMemory (ResourceConsumer, PosDecode, MinFixed, MaxFixed, Cacheable, ReadWrite,
				0, 0x180000000, 0x197ffffff, 0, 0x18000000)
		})
		Method (_STA) { Return (THER) }
		Method (_EJ0, 1) { THER = 0 }
	}
}
