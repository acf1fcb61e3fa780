"""Places on the earth: the boundary of an area from its file, and a small piece of the earth as a plane."""
