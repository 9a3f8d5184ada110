"""A command that is carried out on a world of this platform."""

from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk.invocation import Invocation


Call = Invocation[EstateWorld]
