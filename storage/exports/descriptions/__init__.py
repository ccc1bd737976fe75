"""What describes a package in the standards of archives: PREMIS, METS, MODS, and the texts of an EAD3 finding aid."""
