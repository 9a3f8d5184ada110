"""A command that is carried out on a world of this platform."""

from wizard.platforms.cloudfoundry.world import CloudWorld
from wizard.platforms.sdk.invocation import Invocation


Call = Invocation[CloudWorld]
