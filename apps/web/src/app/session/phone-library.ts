/** What is used of libphonenumber-js, so that the rest of it stays out of the page. */
export {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString as parse,
} from 'libphonenumber-js/min';
