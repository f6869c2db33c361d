"""Whatever reads a stranger's file runs here: each in a process of its own that can do nothing else (docs/adr/0023).

`content` says what a file is by its first bytes; `functions` calls a function of ours (Pillow, calamine), `programs`
runs a program (sox, espeak-ng); `server` forks the process for it, and `confinement` takes from it what it needs not.
"""
