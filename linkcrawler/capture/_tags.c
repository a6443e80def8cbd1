/* Cuts the tags of a page by the HTML standard, https://html.spec.whatwg.org/multipage/parsing.html#tokenization.

   What reads a part of a page is given where it begins and where the page ends, and returns where it ends, or NULL
   if the page ends before. Nothing is read at or beyond `end`.
*/

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

enum { SPACE = 1, SLASH = 2, GREATER = 4, LESS = 8, EQUALS = 16, QUOTE = 32, LETTER = 64, DASH = 128 };

static unsigned char kinds[256];

static inline int is(const char *at, int which)
{
    return (kinds[(unsigned char)*at] & which) != 0;
}

static const char *skip_to(const char *at, const char *end, int which)
{
    while (at < end && !is(at, which))
        at++;
    return at;
}

static const char *skip_over(const char *at, const char *end, int which)
{
    while (at < end && is(at, which))
        at++;
    return at;
}

static const char *find(const char *at, const char *end, char sign)
{
    return at < end ? memchr(at, sign, (size_t)(end - at)) : NULL;
}

static int begins(const char *at, const char *end, const char *signs)
{
    size_t length = strlen(signs);
    return (size_t)(end - at) >= length && memcmp(at, signs, length) == 0;
}

/* The same in any case, of letters; they are given in lower case. */
static int begins_word(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(end - at) < length)
        return 0;
    for (size_t i = 0; i < length; i++)
        if ((at[i] | 0x20) != word[i])
            return 0;
    return 1;
}

/* Whether a tag's whole name is `name`. */
static int names(const char *at, const char *end, const char *name)
{
    if (!begins_word(at, end, name))
        return 0;
    at += strlen(name);
    return at < end && is(at, SPACE | SLASH | GREATER);
}

/* As it is written, with its quotes. */
typedef struct {
    int told;
    const char *from, *to;
} Href;

static const char *read_value(const char *at, const char *end)
{
    if (at == end || !is(at, QUOTE))
        return skip_to(at, end, SPACE | GREATER);
    const char *close = find(at + 1, end, *at);
    return close ? close + 1 : end;
}

/* What follows a tag's name, with its end; NULL where the page ends before. `href` is told the first one. */
static const char *read_attributes(const char *at, const char *end, Href *href)
{
    for (;;) {
        at = skip_over(at, end, SPACE | SLASH);
        if (at == end)
            return NULL;
        if (is(at, GREATER))
            return at + 1;
        const char *name = at;
        at = skip_to(at + 1, end, SPACE | SLASH | GREATER | EQUALS);
        int is_href = href && !href->told && at - name == 4 && begins_word(name, end, "href");
        const char *from = at;
        const char *sign = skip_over(at, end, SPACE);
        if (sign < end && is(sign, EQUALS)) {
            from = skip_over(sign + 1, end, SPACE);
            at = read_value(from, end);
        }
        if (is_href)
            *href = (Href){1, from, at};
    }
}

static const char *read_bogus_comment(const char *at, const char *end)
{
    const char *close = find(at, end, '>');
    return close ? close + 1 : NULL;
}

/* From its "--". */
static const char *read_comment(const char *at, const char *end)
{
    const char *content = at + 2;
    for (; (at = find(at, end, '-')); at++) {
        if (begins(at, end, "-->"))
            return at + 3;
        if (at >= content && begins(at, end, "--!>"))
            return at + 4;
    }
    return NULL;
}

/* The content of an element that has no tags, with its end tag. */
static const char *read_raw(const char *at, const char *end, const char *name)
{
    for (; (at = find(at, end, '<')); at++)
        if (begins(at, end, "</") && names(at + 2, end, name))
            return read_attributes(at + 2 + strlen(name), end, NULL);
    return NULL;
}

/* The same of a script, in which "<!--" and then "<script" may have begun something that the end tag ends first. */
static const char *read_script(const char *at, const char *end)
{
    int escaped = 0, twice = 0;
    for (; (at = escaped ? skip_to(at, end, LESS | DASH) : find(at, end, '<')) && at < end; at++) {
        if (escaped && begins(at, end, "-->"))
            escaped = twice = 0;
        else if (!escaped && begins(at, end, "<!--")) {
            escaped = 1;
            at++;
        }
        else if (begins(at, end, "</") && names(at + 2, end, "script")) {
            if (!twice)
                return read_attributes(at + 8, end, NULL);
            twice = 0;
        }
        else if (escaped && is(at, LESS) && names(at + 1, end, "script"))
            twice = 1;
    }
    return NULL;
}

static const char *const RAW[] = {"style", "title", "textarea", "iframe", "xmp", "noembed", "noframes", NULL};

/* A tag that is no link, from its name; with all of an element whose content is no markup.

   libxml2 takes such an element for empty whose tag ends in "/>", which browsers do not.
*/
static const char *read_other(const char *name, const char *behind, const char *end, int *unsure)
{
    const char *at = read_attributes(behind, end, NULL);
    if (!at || !strchr("hinpstxHINPSTX", *name))
        return at;
    *unsure = at[-2] == '/';
    if (names(name, end, "script"))
        return read_script(at, end);
    for (const char *const *raw = RAW; *raw; raw++)
        if (names(name, end, *raw))
            return read_raw(at, end, *raw);
    *unsure &= names(name, end, "html");
    return names(name, end, "plaintext") ? NULL : at;
}

typedef struct {
    PyObject *said, *links, *base, *html_ends;
} Found;

/* The href as text, a new reference. */
static PyObject *text_of(const Found *found, const Href *href)
{
    Py_ssize_t length = href->to - href->from;
    if (find(href->from, href->to, '&') || find(href->from, href->to, '\r'))
        return PyObject_CallFunction(found->said, "y#", href->from, length);
    int quotes = length && is(href->from, QUOTE);
    return PyUnicode_DecodeUTF8(href->from + quotes, length - 2 * quotes, "strict");
}

/* Takes the reference to `item`; -1 with an exception set, also where there is no item. */
static int append(PyObject *list, PyObject *item)
{
    if (!item)
        return -1;
    int failed = PyList_Append(list, item);
    Py_DECREF(item);
    return failed;
}

/* -1 with an exception set. */
static int keep(Found *found, const Href *href, int is_base, Py_ssize_t place)
{
    if (is_base && found->base != Py_None)
        return 0;
    PyObject *text = text_of(found, href);
    if (!text)
        return -1;
    if (is_base) {
        Py_DECREF(found->base);
        found->base = text;
        return 0;
    }
    return append(found->links, Py_BuildValue("(Nn)", text, place));
}

/* 1 if all was understood, 0 if not, -1 with an exception set. */
static int cut_tags(Found *found, const char *at, const char *end)
{
    const char *begin = at;
    int unsure = 0;
    while (at && !unsure && (at = find(at, end, '<'))) {
        const char *tag = at++;
        int is_end = at < end && is(at, SLASH);
        const char *name = at + is_end;
        if (name < end && is(name, LETTER)) {
            const char *behind = skip_to(name, end, SPACE | SLASH | GREATER);
            int is_base = names(name, end, "base");
            if (is_end) {
                at = read_attributes(behind, end, NULL);
                if (names(name, end, "html") && append(found->html_ends, PyLong_FromSsize_t(tag - begin)) < 0)
                    return -1;
            }
            else if (is_base || names(name, end, "a") || names(name, end, "area")) {
                Href href = {0};
                at = read_attributes(behind, end, &href);
                if (at && href.told && keep(found, &href, is_base, tag - begin) < 0)
                    return -1;
            }
            else
                at = read_other(name, behind, end, &unsure);
        }
        else if (begins(at, end, "!--"))
            at = read_comment(at + 1, end);
        else if (is_end || begins(at, end, "!") || begins(at, end, "?"))
            at = read_bogus_comment(at, end);
    }
    return !unsure;
}

static PyObject *cut(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    const char *page;
    Py_ssize_t length;
    Found found = {0};
    if (!PyArg_ParseTuple(arguments, "y#O", &page, &length, &found.said))
        return NULL;
    found.base = Py_NewRef(Py_None);
    found.links = PyList_New(0);
    found.html_ends = PyList_New(0);
    int understood = found.links && found.html_ends ? cut_tags(&found, page, page + length) : -1;
    if (understood == 1)
        return Py_BuildValue("(NNN)", found.links, found.base, found.html_ends);
    Py_XDECREF(found.links);
    Py_XDECREF(found.html_ends);
    Py_DECREF(found.base);
    if (understood == 0)
        Py_RETURN_NONE;
    return NULL;
}

static PyMethodDef methods[] = {
    {"cut", cut, METH_VARARGS, "What linkcrawler.capture.tags.cut gives."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "linkcrawler.capture._tags", .m_size = 0, .m_methods = methods,
};

static void sort_signs(const char *signs, int which)
{
    for (; *signs; signs++)
        kinds[(unsigned char)*signs] |= which;
}

PyMODINIT_FUNC PyInit__tags(void)
{
    sort_signs(" \t\n\f\r", SPACE);
    sort_signs("/", SLASH);
    sort_signs(">", GREATER);
    sort_signs("<", LESS);
    sort_signs("=", EQUALS);
    sort_signs("\"'", QUOTE);
    sort_signs("-", DASH);
    sort_signs("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTER);
    return PyModule_Create(&definition);
}
