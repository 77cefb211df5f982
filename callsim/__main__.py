"""``python -m callsim`` is the command line."""

from callsim.cli import main

if __name__ == "__main__":
    main()
