// SPDX-License-Identifier: GPL-2.0
/*
 * RAM that firmware can take away, a GiB at 6 GiB and one at 8: the kernel has it from its
 * boot, and on the bus they are memory devices.
 */
DefinitionBlock ("", "SSDT", 2, "PGSYNC", "EJECTED", 1)
{
	Scope (\_SB)
	{
		Device (RAM0)
		{
			Name (_HID, "PGSY0001")
			Name (_CID, EisaId ("PNP0C80"))
			Name (_UID, 0)
			Name (THER, 0xf)
			Name (_CRS, ResourceTemplate ()
			{
				QWordMemory (ResourceConsumer, PosDecode, MinFixed, MaxFixed, Cacheable, ReadWrite,
					0, 0x180000000, 0x1bfffffff, 0, 0x40000000)
			})
			Method (_STA) { Return (THER) }
			Method (_EJ0, 1) { THER = 0 }
		}

		Device (RAM1)
		{
			Name (_HID, "PGSY0001")
			Name (_CID, EisaId ("PNP0C80"))
			Name (_UID, 1)
			Name (THER, 0xf)
			Name (_CRS, ResourceTemplate ()
			{
				QWordMemory (ResourceConsumer, PosDecode, MinFixed, MaxFixed, Cacheable, ReadWrite,
					0, 0x200000000, 0x23fffffff, 0, 0x40000000)
			})
			Method (_STA) { Return (THER) }
			Method (_EJ0, 1) { THER = 0 }
		}
	}
}
