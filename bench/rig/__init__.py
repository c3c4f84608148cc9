"""The rig: starts servers and drivers, measures, and reports. Python's standard library only."""
