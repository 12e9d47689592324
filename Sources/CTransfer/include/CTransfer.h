#ifndef C_TRANSFER_H
#define C_TRANSFER_H

#include <curl/curl.h>

// Swift cannot call functions that take a variable number of arguments, so each kind of value that
// libcurl's options and answers have is a function here.
CURLcode transfer_set_long(CURL *handle, CURLoption option, long value);
CURLcode transfer_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode transfer_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode transfer_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode transfer_set_writer(CURL *handle, CURLoption option, curl_write_callback value);
CURLcode transfer_set_reader(CURL *handle, CURLoption option, curl_read_callback value);
CURLcode transfer_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode transfer_get_offset(CURL *handle, CURLINFO info, curl_off_t *value);

#endif
