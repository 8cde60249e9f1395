"""Services and what belongs to them, named as in Open Referral UK 3.0 (`https://openreferraluk.org`).

Only the fields that the UK profile knows, and those HSDS 3.0 fields that its feeds carry anyway. Every class has the
standard's field names; an empty string, an empty tuple or None means "not said", and is left out of the JSON.
Dates and times stay text in the standard's form (`2026-11-25`, `09:00`, `2026-11-25T09:00:00.000Z`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["active", "inactive", "defunct", "temporarily closed"]
LocationType = Literal["physical", "postal", "virtual"]
Frequency = Literal["", "WEEKLY", "MONTHLY"]


@dataclass(frozen=True)
class Language:
    """A language spoken by the service itself (an interpreter is `Service.interpretation_services`)."""

    id: str
    name: str = ""
    code: str = ""  # ISO 639-1 or 639-3
    note: str = ""


@dataclass(frozen=True)
class Phone:
    """A number to call, or to text when `type` is `text`."""

    id: str
    number: str
    description: str = ""
    extension: str = ""
    type: str = ""  # voice | text | fax | textphone
    languages: tuple[Language, ...] = ()


@dataclass(frozen=True)
class Contact:
    """A person or desk to contact."""

    id: str
    name: str = ""
    title: str = ""
    email: str = ""
    phones: tuple[Phone, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """When a service is open: a recurrence rule (RFC 5545) and local wall-clock times, Europe/London."""

    id: str
    freq: Frequency = ""
    interval: int | None = None
    byday: str = ""  # "MO,TU"; with MONTHLY also "1MO"
    bymonthday: str = ""
    byweekno: str = ""
    byyearday: str = ""
    dtstart: str = ""
    until: str = ""
    count: int | None = None
    wkst: str = ""
    valid_from: str = ""
    valid_to: str = ""
    opens_at: str = ""  # HH:MM
    closes_at: str = ""
    description: str = ""
    attending_type: str = ""
    notes: str = ""
    schedule_link: str = ""


@dataclass(frozen=True)
class Address:
    """A postal address; the profile requires every field, so importers fill what is missing with an empty string."""

    id: str
    address_1: str
    city: str
    state_province: str
    postal_code: str
    country: str
    address_type: LocationType
    attention: str = ""
    region: str = ""
    address_2: str = ""


@dataclass(frozen=True)
class Accessibility:
    """What helps or hinders people at a location."""

    id: str
    description: str = ""
    details: str = ""
    url: str = ""


@dataclass(frozen=True)
class Location:
    """A place. `latitude` and `longitude` in degrees, WGS84."""

    id: str
    location_type: LocationType
    name: str = ""
    description: str = ""
    latitude: float | None = None
    longitude: float | None = None
    external_identifier: str = ""
    external_identifier_type: str = ""
    addresses: tuple[Address, ...] = ()
    accessibility: tuple[Accessibility, ...] = ()
    phones: tuple[Phone, ...] = ()
    contacts: tuple[Contact, ...] = ()
    schedules: tuple[Schedule, ...] = ()


@dataclass(frozen=True)
class ServiceAtLocation:
    """A service at one of its places; its own schedules override those of the service."""

    id: str
    location: Location
    description: str = ""
    contacts: tuple[Contact, ...] = ()
    phones: tuple[Phone, ...] = ()
    schedules: tuple[Schedule, ...] = ()


@dataclass(frozen=True)
class ServiceArea:
    """Where the people live whom a service is for; `uri` ends in a GSS code where the area is known."""

    id: str
    name: str = ""
    extent: str = ""
    extent_type: str = ""
    uri: str = ""


@dataclass(frozen=True)
class CostOption:
    """What it costs."""

    id: str
    option: str = ""
    amount: float | None = None
    amount_description: str = ""
    currency: str = ""
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True)
class Funding:
    """Who pays for it."""

    id: str
    source: str = ""


@dataclass(frozen=True)
class Taxonomy:
    """A vocabulary."""

    id: str
    name: str
    description: str
    uri: str = ""
    version: str = ""


@dataclass(frozen=True)
class TaxonomyTerm:
    """A word of a vocabulary."""

    id: str
    name: str
    description: str
    code: str = ""
    parent_id: str = ""
    taxonomy: str = ""  # its name
    taxonomy_id: str = ""
    term_uri: str = ""


@dataclass(frozen=True)
class Attribute:
    """That a term applies to a service; `link_type` says how (`topic`, `eligibility`, `service type` …)."""

    id: str
    taxonomy_term: TaxonomyTerm
    link_type: str = ""
    value: str = ""


@dataclass(frozen=True)
class OrganizationIdentifier:
    """A number in a register (`GB-CHC` charities, `GB-COH` companies)."""

    id: str
    identifier_type: str
    identifier: str
    identifier_scheme: str = ""


@dataclass(frozen=True)
class Organization:
    """Who runs a service."""

    id: str
    name: str
    description: str
    email: str = ""
    website: str = ""
    logo: str = ""
    uri: str = ""
    parent_organization_id: str = ""
    organization_identifiers: tuple[OrganizationIdentifier, ...] = ()
    phones: tuple[Phone, ...] = ()
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class Service:
    """What a person can be signposted to. `id` is a UUID; `minimum_age` and `maximum_age` are years."""

    id: str
    name: str
    status: Status
    organization: Organization
    description: str = ""
    alternate_name: str = ""
    url: str = ""
    email: str = ""
    fees: str = ""
    accreditations: str = ""
    application_process: str = ""
    eligibility_description: str = ""
    interpretation_services: str = ""
    minimum_age: float | None = None
    maximum_age: float | None = None
    assured_date: str = ""
    assurer_email: str = ""
    alert: str = ""
    last_modified: str = ""
    schedules: tuple[Schedule, ...] = ()
    service_areas: tuple[ServiceArea, ...] = ()
    service_at_locations: tuple[ServiceAtLocation, ...] = ()
    languages: tuple[Language, ...] = ()
    funding: tuple[Funding, ...] = ()
    cost_options: tuple[CostOption, ...] = ()
    contacts: tuple[Contact, ...] = ()
    phones: tuple[Phone, ...] = ()
    attributes: tuple[Attribute, ...] = ()
