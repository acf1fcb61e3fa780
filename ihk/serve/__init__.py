"""The live preview: finished pages of all Fassungen on this machine only, new after each save."""
