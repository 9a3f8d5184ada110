"""The platform of one rehearsal; see `process`."""

from wizard.platforms.sdk.process import main


if __name__ == "__main__":
    main()
