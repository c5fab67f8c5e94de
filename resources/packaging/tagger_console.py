"""Where the bundled console program starts."""

import multiprocessing

if __name__ == "__main__":
    # A process started for work is this program again; it must not read its arguments as a user's.
    multiprocessing.freeze_support()

    from tagger.cli import main

    main()
